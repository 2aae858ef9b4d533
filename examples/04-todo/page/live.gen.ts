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
/** What `msgpack` of `fluxstack-live/msgpack` needs to know of the types. */
export const wire = {
  schema: 'd7d43be1',
  structs: [
    [['id', 0], ['text', 0], ['completed', 0]],
  ],
  components: {
    TodoComponent: { fields: [['todos', { list: 1 }]], actions: ['addTodo', 'toggle', 'remove'], events: [] },
  },
} as const
