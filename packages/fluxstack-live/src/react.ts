/** The React hooks: a thin skin over the core. */

export { useLiveComponent, type KnownState, type Live } from "./react/use-live-component.js";
export { useSuspenseLiveComponent } from "./react/use-suspense-live-component.js";
export { useLiveSelector } from "./react/use-live-selector.js";
export { useLivePending } from "./react/use-live-pending.js";
export { useLiveEvent } from "./react/use-live-event.js";
export { useConnection } from "./react/use-connection.js";
export { LiveProvider, useLiveClient } from "./react/provider.js";
export type { FieldSetters } from "./react/use-drafts.js";
export type { CheckedProps, FieldProps, InputField, TextElement, TextProps } from "./react/field-props.js";
