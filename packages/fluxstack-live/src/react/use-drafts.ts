// What the user has typed into the inputs of a component, which is shown in place of its state for as long as they are at it.

import { useMemo, useState, type ChangeEvent, type CompositionEvent, type FocusEvent } from "react";
import type { LiveError } from "../error.js";
import type { LiveHandle, SetOptions, Snapshot } from "../handle.js";
import type { Name } from "../schema.js";
import type { InputField, FieldProps, TextElement } from "./field-props.js";
import { useLiveEvent } from "./use-live-event.js";

/** What an input of one field holds. */
interface Draft {
  readonly text: string;
  /** The component whose field it is: the hook may have gone on to another. */
  readonly of: object;
  /** Where it is typed; null once that was left. */
  readonly input: Element | null;
  /** Some of it was given to `set`. */
  readonly sent: boolean;
  /** The server refused it: the component's error since then, perhaps another field's on top of it; null again once that is cleared. */
  readonly refused: LiveError | null;
}
type Drafts = ReadonlyMap<string, Draft>;

/** Names and values are checked by the types of `Live`; here they are strings and `unknown`. */
interface Fields {
  readonly set: (field: string, value: unknown, options?: SetOptions) => void;
  readonly setMany: (values: object, options?: SetOptions) => void;
  readonly flush: () => Promise<void>;
  readonly clearError: () => void;
}
/** Of a field that has an input; undefined before the first state. */
type Value = string | number | boolean | undefined;

/** Setting fields, as one hook does it. */
export interface FieldSetters<N extends Name> extends Pick<LiveHandle<N>, "set" | "setMany"> {
  /**
   * Props for the input of a bindable field: `<input {...bind("email")} />`. What is typed is sent, and stays in the input
   * until it is left, whatever the server says meanwhile: neither caret nor composition is disturbed. What the server refuses
   * stays until it is set again or the error is cleared.
   */
  readonly bind: <K extends InputField<N>>(field: K, options?: SetOptions) => FieldProps<N, K>;
}

const NONE: Drafts = new Map();

/** What a hook gives its user of this, and `drafts`, which are others when what `bind` gives is. */
type Drafting<N extends Name> = FieldSetters<N> & Pick<LiveHandle<N>, "clearError"> & { drafts: unknown };

/** The setters of a hook that shows `state`: the same until `handle` is another one, but for `bind`, which depends on `drafts`. */
export function useDrafts<N extends Name>(handle: LiveHandle<N>, snapshot: Snapshot<N>, state: unknown): Drafting<N> {
  const [all, setDrafts] = useState(NONE);
  const drafts = settled(all, handle, snapshot);
  if (drafts !== all) setDrafts(drafts);
  const [fields, drop, setters] = useMemo(() => {
    const fields = handle as unknown as Fields;
    const drop = (names: readonly string[]): void => {
      setDrafts((drafts) => (names.some((name) => drafts.has(name)) ? new Map([...drafts].filter(([name]) => !names.includes(name))) : drafts));
    };
    const setters: Pick<Fields, "set" | "setMany" | "clearError"> = {
      set(field, ...rest) { drop([field]); fields.set(field, ...rest); },
      setMany(values, ...rest) { drop(Object.keys(values)); fields.setMany(values, ...rest); },
      clearError() {
        fields.clearError();
        // Also of those that another's failure came on top of.
        setDrafts((drafts) => (drafts.size > 0 ? new Map([...drafts].map(([name, draft]) => [name, { ...draft, refused: null }])) : drafts));
      },
    };
    return [fields, drop, setters];
  }, [handle]);
  // The server's word that these fields show their state, whoever is typing. No component can have an event of that name.
  useLiveEvent(handle, "$force" as never, drop as never);
  const bind = (name: string, options?: SetOptions) => {
    const value = (state as Readonly<Record<string, Value>> | undefined)?.[name];
    const draft = drafts.get(name);
    const shown = draft !== undefined && (draft.input !== null || draft.refused !== null || value === undefined) ? draft.text : String(value ?? "");
    return inputProps(name, value, shown, fields, options, (change) => {
      const fresh: Draft = { text: shown, of: handle, input: null, sent: false, refused: null };
      setDrafts((drafts) => new Map(drafts).set(name, { ...fresh, ...drafts.get(name), ...change }));
    });
  };
  return { ...setters, bind, drafts } as unknown as Drafting<N>;
}

/** What an input is given that shows `text` for a field of that value, and changes its draft by `edit`. */
function inputProps(
  name: string, value: Value, text: string, { set, flush }: Fields, options: SetOptions | undefined, edit: (change: Partial<Draft>) => void,
) {
  const onChange = ({ currentTarget: input, nativeEvent }: ChangeEvent<TextElement> | CompositionEvent<TextElement>): void => {
    if (input.type === "checkbox") {
      const { checked } = input as HTMLInputElement;
      if (value === undefined) edit({ text: String(checked), sent: true });
      set(name, checked, options);
      return;
    }
    const number = isNumeric(value, input) ? parsed(input.value) : undefined;
    const sends = number !== null && (nativeEvent as Partial<InputEvent>).isComposing !== true;
    edit({ text: input.value, ...(isFocused(input) && { input }), ...(sends ? { sent: true } : number === null && { sent: false }) });
    if (sends) set(name, number ?? input.value, options);
  };
  const onBlur = (): void => {
    if (options?.send !== undefined) void flush();
    edit({ input: null });
  };
  if (typeof value === "boolean") return { name, checked: value, onChange, onBlur };
  const onFocus = ({ currentTarget: input }: FocusEvent<TextElement>): void => { edit({ text, input }); };
  // Without state it may be a checkbox's, which must be controlled from the start.
  return { name, value: text, ...(value === undefined && { checked: text === "true" }), onChange, onFocus, onBlur, onCompositionEnd: onChange };
}

/** Those that still count. One whose input was left stays while its `set` is pending, to be there if that is refused. */
function settled<N extends Name>(drafts: Drafts, handle: object, { error, pending }: Snapshot<N>): Drafts {
  const fields: ReadonlySet<string> = pending.fields;
  let next = drafts;
  for (const [field, draft] of drafts) {
    const waits = draft.sent && fields.has(field);
    const refused = draft.sent && !waits ? refusal(draft.refused, error, field) : null;
    // One that is gone, hidden or disabled loses the focus unheard, and so does one whose page listens to `blur` itself.
    const stays = draft.of === handle && (waits || refused !== null || isFocused(draft.input));
    if (stays && refused === draft.refused) continue;
    const changed = new Map(next);
    if (stays) changed.set(field, { ...draft, refused });
    else changed.delete(field);
    next = changed;
  }
  return next;
}

/** What counts as the refusal of a field: whatever fails after it, and if that is mended, it is refused all the same. */
function refusal(before: LiveError | null, error: LiveError | null, field: string): LiveError | null {
  if (error === null) return before?.property === field ? null : before;
  return before !== null || error.property === field ? error : null;
}

/** Asked of the page: no event may have told. */
function isFocused(input: Element | null): boolean {
  return input !== null && (input.getRootNode() as Document | ShadowRoot).activeElement === input;
}

/** Of a field without state, its input tells. */
function isNumeric(value: Value, { type }: TextElement): boolean {
  return typeof value === "number" || (value === undefined && (type === "number" || type === "range"));
}

/** Null for what is no finite number, or not yet. */
function parsed(text: string): number | null {
  const number = Number(text);
  return text.trim() !== "" && Number.isFinite(number) ? number : null;
}
