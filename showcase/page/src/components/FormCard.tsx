// `FormComponent`: two fields that the browser sets and the server checks, with every character.
import { useLiveComponent } from "fluxstack-live/react";
import { useId, useState, type ReactNode } from "react";
import type { FormField } from "../live.gen.js";
import { Card } from "./Card.js";
import { RustSource } from "./RustSource.js";

/** What became of the last submit: nothing is known after the next change. */
type Outcome = { id: string } | { fields: Readonly<Record<string, string>> } | null;

export function FormCard(): ReactNode {
  const { state, set, callSafe, dispatch, status, pending, error } = useLiveComponent("FormComponent", { name: "", email: "", errors: {} });
  const [outcome, setOutcome] = useState<Outcome>(null);
  const refused = outcome && "fields" in outcome ? outcome.fields : {};
  const field = (name: FormField): FieldProps => ({
    name,
    value: state[name],
    error: state.errors[name] ?? refused[name],
    onType: (value) => { setOutcome(null); set(name, value); },
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
  readonly name: FormField;
  readonly value: string;
  readonly error: string | undefined;
  readonly onType: (value: string) => void;
  readonly onLeave: () => void;
}

function Field({ name, value, error, onType, onLeave, label, ...input }: FieldProps & { label: string; type?: string; autoComplete: string }): ReactNode {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input} id={id} name={name} data-testid={`form-${name}`} value={value}
        aria-invalid={error !== undefined} aria-describedby={error === undefined ? undefined : `${id}-error`}
        onChange={(e) => { onType(e.target.value); }} onBlur={onLeave}
      />
      <p id={`${id}-error`} className="field-error" data-testid={`form-error-${name}`}>{error}</p>
    </div>
  );
}
