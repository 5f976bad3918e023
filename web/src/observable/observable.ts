/** A value that is read now and told of later; React reads it by `useObservable`. */
export type Observable<T> = {
  readonly get: () => T;
  /** Returns the way to stop listening. */
  readonly subscribe: (listener: () => void) => () => void;
};

export type Settable<T> = Observable<T> & { readonly set: (next: T) => void };

export function createObservable<T>(initial: T): Settable<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
