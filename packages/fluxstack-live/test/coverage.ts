// How often each thing has happened in all schedules.

export const met = new Map<string, number>();

export function meet(what: string, count = 1): void {
  met.set(what, (met.get(what) ?? 0) + count);
}
