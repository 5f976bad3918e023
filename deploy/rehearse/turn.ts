/** Does this when what was asked for before is done. */
export type Turn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** A person has one pair of hands: who takes over does not type meanwhile, and what is typed does not press buttons. */
export function createTurn(): Turn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined); // Whoever asked for it hears of it.
    return done;
  };
}
