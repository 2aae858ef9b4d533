/* eslint-disable */
// Generated from Rust by FluxStack Live. Do not edit.
import { registerSchema } from 'fluxstack-live'
/** Why a todo is not added. */
export type AddError =
  | { kind: 'empty' }
  | { kind: 'tooLong'; /** In characters. */ max: number }
  /** The id is none, or that of another todo. */
  | { kind: 'badId' }
/** Something somebody said. */
export interface ChatMessage {
  id: string
  content: string
  userId: string
  /** Milliseconds since 1970. */
  timestamp: number
}
export interface ChatProps {
  room: string
}
/** Somebody in the room. */
export interface ChatUser {
  id: string
  name: string
}
export interface CounterProps {
  count: number
  title: string
}
/** A field that can be checked. */
export type FormField =
  | 'name'
  | 'email'
export interface FormProps {
  name: string
  email: string
  /** Accepted, so that the props are a whole state, and ignored. */
  errors: Record<string, string>
}
/** A message was said; told once to everyone in the room. */
export interface MessageReceived {
  message: ChatMessage
}
export interface NewMessage {
  content: string
}
export interface NewTodo {
  /** Made by the page, which shows the todo before it is here. */
  id: string
  text: string
}
export interface Room {
  room: string
}
export interface Sent {
  id: string
}
export interface Submitted {
  id: string
}
/** Why a text is refused. */
export type TextError =
  | { kind: 'empty' }
  | { kind: 'tooLong'; /** In characters. */ max: number }
/** Something to do. */
export interface Todo {
  id: string
  text: string
  completed: boolean
}
export interface TodoId {
  id: string
}
export interface TodoProps {
  list: string
}
export interface LiveSchema {
  ChatComponent: {
    props: ChatProps
    state: {
      /** The last 1 000. */
      messages: ChatMessage[]
      /** Who is here, by id. */
      users: Record<string, ChatUser>
    }
    propsAreState: false
    bind: never
    actions: {
      sendMessage: { args: NewMessage; ok: Sent; err: TextError }
    }
    events: {
      MESSAGE_RECEIVED: MessageReceived
    }
  }
  CounterComponent: {
    props: CounterProps
    state: {
      count: number
      title: string
    }
    propsAreState: true
    bind: 'title'
    actions: {
      increment: { args: number | undefined; ok: void; err: never }
      decrement: { args: number | undefined; ok: void; err: never }
      reset: { args: undefined; ok: void; err: never }
    }
    events: Record<never, never>
  }
  FormComponent: {
    props: FormProps
    state: {
      name: string
      email: string
      /** What is wrong, by field. */
      errors: Record<string, string>
    }
    propsAreState: true
    bind: 'name' | 'email'
    actions: {
      validateField: { args: FormField; ok: void; err: never }
      submit: { args: undefined; ok: Submitted; err: never }
    }
    events: Record<never, never>
  }
  SharedCounterComponent: {
    props: Room
    state: {
      count: number
    }
    propsAreState: false
    bind: never
    actions: {
      increment: { args: number | undefined; ok: void; err: never }
      decrement: { args: number | undefined; ok: void; err: never }
      reset: { args: undefined; ok: void; err: never }
    }
    events: Record<never, never>
  }
  TodoComponent: {
    props: TodoProps
    state: {
      todos: Todo[]
    }
    propsAreState: false
    bind: never
    actions: {
      addTodo: { args: NewTodo; ok: Todo; err: AddError }
      toggle: { args: TodoId; ok: void; err: never }
      remove: { args: TodoId; ok: void; err: never }
    }
    events: Record<never, never>
  }
}
declare module 'fluxstack-live' { interface Register { schema: LiveSchema } }
registerSchema({ propsAreState: ['CounterComponent', 'FormComponent'] })
/** What `msgpack` of `fluxstack-live/msgpack` needs to know of the types. */
export const wire = {
  schema: '8dcc7fa3',
  structs: [
    [['id', 0], ['content', 0], ['userId', 0], ['timestamp', 0]],
    [['id', 0], ['name', 0]],
    [['message', 1]],
    [['id', 0], ['text', 0], ['completed', 0]],
  ],
  components: {
    ChatComponent: { fields: [['messages', { list: 1 }], ['users', { map: 2 }]], actions: ['sendMessage'], events: [['MESSAGE_RECEIVED', 3]] },
    CounterComponent: { fields: [['count', 0], ['title', 0]], actions: ['increment', 'decrement', 'reset'], events: [] },
    FormComponent: { fields: [['name', 0], ['email', 0], ['errors', 0]], actions: ['validateField', 'submit'], events: [] },
    SharedCounterComponent: { fields: [['count', 0]], actions: ['increment', 'decrement', 'reset'], events: [] },
    TodoComponent: { fields: [['todos', { list: 4 }]], actions: ['addTodo', 'toggle', 'remove'], events: [] },
  },
} as const
