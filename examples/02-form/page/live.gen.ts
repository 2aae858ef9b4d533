/* eslint-disable */
// Generated from Rust by FluxStack Live. Do not edit.
import { registerSchema } from 'fluxstack-live'
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
      errors: Record<string, string>
    }
    bind: 'name' | 'email'
    actions: {
      submit: { args: undefined; ok: string; err: never }
    }
    events: Record<never, never>
  }
}
declare module 'fluxstack-live' { interface Register { schema: LiveSchema } }
registerSchema({ propsAreState: ['FormComponent'] })
