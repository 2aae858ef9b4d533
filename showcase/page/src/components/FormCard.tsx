// `FormComponent`: two fields that the browser sets and the server checks, with every character.
import { useLiveComponent, type TextProps } from "fluxstack-live/react";
import { useId, useState, type ReactNode } from "react";
import type { FormField } from "../live.gen.js";
import { Card } from "./Card.js";
import { RustSource } from "./RustSource.js";

/** What became of the last submit: nothing is known after the next change. */
type Outcome = { id: string } | { fields: Readonly<Record<string, string>> } | null;

export function FormCard(): ReactNode {
  const { state, bind, callSafe, dispatch, status, pending, error } = useLiveComponent("FormComponent", { name: "", email: "", errors: {} });
  const [outcome, setOutcome] = useState<Outcome>(null);
  const refused = outcome && "fields" in outcome ? outcome.fields : {};
  const field = (name: FormField): FieldProps => ({
    bound: bind(name),
    error: state.errors[name] ?? refused[name],
    onType: () => { setOutcome(null); },
    onLeave: () => { dispatch("validateField", name); },
  });
  const submit = async (): Promise<void> => {
    const result = await callSafe("submit");
    if (result.ok) setOutcome({ id: result.data.id });
    else setOutcome(result.error.fields ? { fields: result.error.fields } : null);
  };
  return (
    <Card
      name="Checked as you type" component="FormComponent" heading="Sign up" stale={status === "stale"} waiting={pending.count + pending.fields.size}
      error={error?.code === "invalid" && error.fields ? null : error}
      about="The rules are in Rust alone. No check is written twice, and nothing gets in unchecked."
      rust={<RustSource file="form.rs" />}
    >
      <form className="form" noValidate onSubmit={(e) => { e.preventDefault(); void submit(); }}>
        <Field {...field("name")} label="Name" autoComplete="name" />
        <Field {...field("email")} label="Email" type="email" autoComplete="email" />
        <div className="form-end">
          <button className="do" type="submit" data-testid="form-submit">Submit</button>
          <output aria-label="Result" data-testid="form-result">{outcome && "id" in outcome && <>Saved as <code>{outcome.id}</code></>}</output>
        </div>
      </form>
    </Card>
  );
}

interface FieldProps {
  readonly bound: TextProps;
  readonly error: string | undefined;
  readonly onType: () => void;
  readonly onLeave: () => void;
}

function Field({ bound, error, onType, onLeave, label, ...input }: FieldProps & { label: string; type?: string; autoComplete: string }): ReactNode {
  const id = useId();
  const { name } = bound;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input} {...bound} id={id} data-testid={`form-${name}`}
        aria-invalid={error !== undefined} aria-describedby={error === undefined ? undefined : `${id}-error`}
        onChange={(e) => { onType(); bound.onChange(e); }} onBlur={() => { bound.onBlur(); onLeave(); }}
      />
      <p id={`${id}-error`} className="field-error" data-testid={`form-error-${name}`}>{error}</p>
    </div>
  );
}
