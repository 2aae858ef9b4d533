// What `bind` gives the input of a field. Types only; use-drafts.ts makes it.

import type { ChangeEvent, CompositionEvent, FocusEvent } from "react";
import type { Bind, Name, OneOf, State } from "../schema.js";

/** An element that shows text. */
export type TextElement = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** For the `<input>`, `<textarea>` or `<select>` of a text, or of a number. */
export interface TextProps {
  readonly name: string;
  readonly value: string;
  readonly onChange: (event: ChangeEvent<TextElement>) => void;
  readonly onFocus: (event: FocusEvent<TextElement>) => void;
  readonly onBlur: () => void;
  readonly onCompositionEnd: (event: CompositionEvent<TextElement>) => void;
}

/** For the `<input type="checkbox">` of a boolean. */
export interface CheckedProps {
  readonly name: string;
  readonly checked: boolean;
  readonly onChange: (event: ChangeEvent<HTMLInputElement>) => void;
  readonly onBlur: () => void;
}

/** What the input of a field is given. */
export type FieldProps<N extends Name, K> = K extends keyof State<N> ? State<N>[K] extends boolean ? CheckedProps : TextProps : never;

/** The fields that an input can show: the bindable ones of text, numbers and booleans. */
export type InputField<N extends Name> = OneOf<
  { [K in Bind<N>]: State<N>[K] extends string | number | boolean ? K : never }[Bind<N>],
  "no field of this component that is marked #[live(bind)] is text, a number or a boolean"
>;
