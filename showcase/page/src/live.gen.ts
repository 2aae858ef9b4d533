/* eslint-disable */
// Kept by hand until typegen (issue 3) writes it from the Rust types of the showcase.
import { registerSchema } from 'fluxstack-live'
export interface ChatMessage { id: string; content: string; userId: string; timestamp: number }
export interface ChatUser { id: string; name: string }
export type FormField = 'name' | 'email'
export interface NewMessage { content: string }
export interface NewTodo { text: string }
export interface Sent { id: string }
export interface Submitted { id: string }
export type TextError = { kind: 'empty' } | { kind: 'tooLong'; max: number }
export interface Todo { id: string; text: string; completed: boolean }
export interface TodoId { id: string }
export interface LiveSchema {
  CounterComponent: {
    props: { count: number; title: string }
    state: { count: number; title: string }
    bind: 'title'
    actions: {
      increment: { args: number | undefined; ok: void; err: never }
      decrement: { args: number | undefined; ok: void; err: never }
      reset: { args: undefined; ok: void; err: never }
    }
    events: Record<never, never>
  }
  SharedCounterComponent: {
    props: { room: string }
    state: { count: number }
    bind: never
    actions: {
      increment: { args: number | undefined; ok: void; err: never }
      decrement: { args: number | undefined; ok: void; err: never }
      reset: { args: undefined; ok: void; err: never }
    }
    events: Record<never, never>
  }
  ChatComponent: {
    props: { room: string }
    state: { messages: ChatMessage[]; users: Record<string, ChatUser> }
    bind: never
    actions: {
      sendMessage: { args: NewMessage; ok: Sent; err: TextError }
    }
    events: {
      MESSAGE_RECEIVED: { message: ChatMessage }
    }
  }
  FormComponent: {
    props: { name: string; email: string; errors: Record<string, string> }
    state: { name: string; email: string; errors: Record<string, string> }
    bind: 'name' | 'email'
    actions: {
      validateField: { args: FormField; ok: void; err: never }
      submit: { args: undefined; ok: Submitted; err: never }
    }
    events: Record<never, never>
  }
  TodoComponent: {
    props: { list: string }
    state: { todos: Todo[] }
    bind: never
    actions: {
      addTodo: { args: NewTodo; ok: Todo; err: TextError }
      toggle: { args: TodoId; ok: void; err: never }
      remove: { args: TodoId; ok: void; err: never }
    }
    events: Record<never, never>
  }
}
declare module 'fluxstack-live' { interface Register { schema: LiveSchema } }
registerSchema({ propsAreState: ['CounterComponent', 'FormComponent'] })
