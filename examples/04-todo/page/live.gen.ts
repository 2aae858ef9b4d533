/* eslint-disable */
// Generated from Rust by FluxStack Live. Do not edit.
import { registerSchema } from 'fluxstack-live'
export interface NewTodo {
  id: string
  text: string
}
export interface Todo {
  id: string
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
      addTodo: { args: NewTodo; ok: void; err: never }
      toggle: { args: string; ok: void; err: never }
      remove: { args: string; ok: void; err: never }
    }
    events: Record<never, never>
  }
}
declare module 'fluxstack-live' { interface Register { schema: LiveSchema } }
registerSchema({ propsAreState: [] })
/** What `msgpack` of `fluxstack-live/msgpack` needs to know of the types. */
export const wire = {
  schema: 'a5ee1123',
  structs: [
    [['id', 0], ['text', 0], ['completed', 0]],
  ],
  components: {
    TodoComponent: { fields: [['todos', { list: 1 }]], actions: ['addTodo', 'toggle', 'remove'], events: [] },
  },
} as const
