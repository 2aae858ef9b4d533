// The showcase's components as the generated file describes them.
import { registerSchema } from "fluxstack-live";

export interface Todo {
  id: string;
  text: string;
  completed: boolean;
}
export interface ChatMessage {
  id: string;
  content: string;
  userId: string;
  timestamp: number;
}
export type TextError = { kind: "empty" } | { kind: "tooLong"; max: number };

type CounterActions = {
  increment: { args: number | undefined; ok: undefined; err: never };
  decrement: { args: number | undefined; ok: undefined; err: never };
  reset: { args: undefined; ok: undefined; err: never };
};

export interface LiveSchema {
  CounterComponent: {
    props: { count: number; title: string };
    state: { count: number; title: string };
    bind: "title";
    actions: CounterActions;
    events: Record<never, never>;
  };
  SharedCounterComponent: { props: { room: string }; state: { count: number }; bind: never; actions: CounterActions; events: Record<never, never> };
  ChatComponent: {
    props: { room: string };
    state: { messages: ChatMessage[]; users: Record<string, { id: string; name: string }> };
    bind: never;
    actions: { sendMessage: { args: { content: string }; ok: { id: string }; err: TextError } };
    events: { MESSAGE_RECEIVED: { message: ChatMessage } };
  };
  FormComponent: {
    props: { name: string; email: string; errors: Record<string, string> };
    state: { name: string; email: string; errors: Record<string, string> };
    bind: "name" | "email";
    actions: { validateField: { args: "name" | "email"; ok: undefined; err: never }; submit: { args: undefined; ok: { id: string }; err: never } };
    events: Record<never, never>;
  };
  TodoComponent: {
    props: { list: string };
    state: { todos: Todo[] };
    bind: never;
    actions: {
      addTodo: { args: { text: string }; ok: Todo; err: TextError };
      toggle: { args: { id: string }; ok: undefined; err: never };
      remove: { args: { id: string }; ok: undefined; err: never };
    };
    events: Record<never, never>;
  };
  SettingsComponent: {
    props: { room: string };
    state: { draft: string; size: number; mood: "calm" | "loud"; muted: boolean; tags: string[]; saved: number };
    bind: "draft" | "size" | "mood" | "muted" | "tags";
    actions: { save: { args: undefined; ok: undefined; err: never } };
    events: Record<never, never>;
  };
}

registerSchema({ propsAreState: ["CounterComponent", "FormComponent"] });

declare module "fluxstack-live" {
  interface Register {
    schema: LiveSchema;
  }
}
