// Places back to names: what a server of the same schema leaves out, put in again.

import type { WireComponent, WireField, WireSchema, WireType } from "./wire-schema.js";

/** A type, or the fields of a struct where they are known already. */
type Type = WireType | readonly WireField[];

/** The op codes, at their places. */
const CODES = "=+i->~";

export class Names {
  readonly #structs: WireSchema["structs"];

  constructor({ structs }: Pick<WireSchema, "structs">) {
    this.#structs = structs;
  }

  /** A value with its structs as objects. What is of another shape than its type is by name, with everything in it. */
  value(value: unknown, type: Type): unknown {
    const known = this.#known(type);
    if (known === 0 || typeof value !== "object" || value === null) return value;
    if (!Array.isArray(value)) {
      if (isFields(known) || !("map" in known)) return value;
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, this.value(inner, known.map)]));
    }
    const items = value as unknown[];
    if (isFields(known)) return items.length === known.length ? Object.fromEntries(known.map(([name, inner], i) => [name, this.value(items[i], inner)])) : items;
    if ("list" in known) return items.map((item) => this.value(item, known.list));
    return "tuple" in known ? items.map((item, i) => this.value(item, known.tuple[i] ?? 0)) : items;
  }

  /** An op with its code as a sign and names in its path; `fields` are those of the state. */
  op(op: unknown, fields: WireComponent["fields"]): unknown[] {
    const [code, steps, ...args] = op as [unknown, unknown[], ...unknown[]];
    const sign = typeof code === "number" ? CODES[code] : code;
    const { path, type } = this.#path(steps, fields);
    const list = this.#known(type);
    const item = list !== 0 && "list" in list ? list.list : 0;
    if (sign === "=") return [sign, path, ...args.map((value) => this.value(value, type))];
    if (sign === "+") return [sign, path, ...args.map((value) => this.value(value, item))];
    if (sign === "i") return [sign, path, args[0], ...args.slice(1).map((value) => this.value(value, item))];
    return [sign, path, ...args];
  }

  #known(type: Type): Exclude<Type, number> | 0 {
    return typeof type === "number" ? this.#structs[type - 1] ?? 0 : type;
  }

  #path(steps: unknown[], fields: Type): { readonly path: unknown[]; readonly type: Type } {
    let type = fields;
    const path = steps.map((step) => {
      const [name, inner] = this.#step(step, this.#known(type));
      type = inner;
      return name;
    });
    return { path, type };
  }

  /** A step as the applier wants it, and the type of what it leads to. */
  #step(step: unknown, type: Exclude<Type, number> | 0): readonly [unknown, Type] {
    if (type === 0) return [step, 0];
    if (isFields(type)) return nth(type, step) ?? [step, 0];
    if ("map" in type) return [step, type.map];
    return [step, "list" in type ? type.list : type.tuple[step as number] ?? 0];
  }
}

function isFields(type: Type): type is readonly WireField[] {
  return Array.isArray(type);
}

/** What has this name or this place. */
export function nth(fields: readonly WireField[], nameOrPlace: unknown): WireField | undefined {
  return typeof nameOrPlace === "number" ? fields[nameOrPlace] : fields.find(([name]) => name === nameOrPlace);
}
