/* eslint-disable */
// Generated from Rust by FluxStack Live. Do not edit.
import { registerSchema } from 'fluxstack-live'
export interface Todo {
  id: number
  text: string
  completed: boolean
}
export type TodoProps = Record<string, never>
export interface LiveSchema {
  TodoComponent: {
    props: TodoProps
    state: {
      todos: Todo[]
    }
    propsAreState: false
    bind: never
    actions: {
      addTodo: { args: string; ok: void; err: never }
      toggle: { args: number; ok: void; err: never }
      remove: { args: number; ok: void; err: never }
    }
    events: Record<never, never>
  }
}
declare module 'fluxstack-live' { interface Register { schema: LiveSchema } }
registerSchema({ propsAreState: [] })
