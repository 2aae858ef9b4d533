/* eslint-disable */
// Generated from Rust by FluxStack Live. Do not edit.
import { registerSchema } from 'fluxstack-live'
/** A whole state, so that the page has something to show before the server answers. */
export interface FormProps {
  name: string
  email: string
  errors: Record<string, string>
}
export interface LiveSchema {
  FormComponent: {
    props: FormProps
    state: {
      name: string
      email: string
      /** What is wrong so far, by field. */
      errors: Record<string, string>
    }
    propsAreState: true
    bind: 'name' | 'email'
    actions: {
      /** Returns a greeting, or what is wrong, field by field. */
      submit: { args: undefined; ok: string; err: never }
    }
    events: Record<never, never>
  }
}
declare module 'fluxstack-live' { interface Register { schema: LiveSchema } }
registerSchema({ propsAreState: ['FormComponent'] })
/** What `msgpack` of `fluxstack-live/msgpack` needs to know of the types. */
export const wire = {
  schema: 'f97390f1',
  structs: [],
  components: {
    FormComponent: { fields: [['name', 0], ['email', 0], ['errors', 0]], actions: ['submit'], events: [] },
  },
} as const
