// A number that ticks: each digit that changed rolls, up when the number grew. Screen readers get the plain number.
import { useState, type ReactNode } from "react";

export interface CountProps {
  /** What is counted, read out before the number: alone it says nothing when somebody else changes one of two. */
  readonly label: string;
  readonly value: number | undefined;
}

export function Count({ label, value }: CountProps): ReactNode {
  const text = value === undefined ? "–" : String(value).replace("-", "−");
  const direction = useDirection(value);
  const characters = Array.from(text);
  return (
    <output className="count" aria-label={label} data-direction={direction} data-length={characters.length}>
      <span className="visually-hidden">{label}: {value === undefined ? "not known yet" : text}</span>
      <span className="digits" aria-hidden="true">
        {/* Keyed from the right, so that the units stay the units when the number grows a digit. */}
        {characters.map((character, index) => <Digit key={characters.length - index} character={character} />)}
      </span>
    </output>
  );
}

function Digit({ character }: { character: string }): ReactNode {
  const [roll, setRoll] = useState<{ now: string; before: string | null }>({ now: character, before: null });
  if (roll.now !== character) setRoll({ now: character, before: roll.now });
  return (
    <span className="digit">
      {roll.before !== null && <span key={`out ${roll.before}`} className="digit-out">{roll.before}</span>}
      <span key={roll.now} className={roll.before === null ? undefined : "digit-in"}>{roll.now}</span>
    </span>
  );
}

function useDirection(value: number | undefined): "up" | "down" {
  const [last, setLast] = useState<{ value: number | undefined; direction: "up" | "down" }>({ value, direction: "up" });
  if (last.value !== value) setLast({ value, direction: (value ?? 0) >= (last.value ?? 0) ? "up" : "down" });
  return last.direction;
}
