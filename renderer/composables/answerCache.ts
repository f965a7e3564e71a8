/** Answers that took a while, by their question: each is asked for once, as long as it is among the latest. */
export interface AnswerCache<O> {
  readonly known: (key: string) => O | undefined;
  /** the answer, or the one that is on its way; a failure is forgotten, so that it can be tried again */
  readonly ask: (key: string, work: () => Promise<O>) => Promise<O>;
}

/** @param most so many answers are kept */
export function createAnswerCache<O>(most = 12): AnswerCache<O> {
  const answers = new Map<string, O>();
  const underWay = new Map<string, Promise<O>>();
  return {
    known: (key) => answers.get(key),
    ask: (key, work) => {
      const found = answers.get(key);
      if (found !== undefined) return Promise.resolve(found);
      const asked = underWay.get(key);
      if (asked !== undefined) return asked;
      const asking = work()
        .then((answer) => {
          answers.set(key, answer);
          for (const oldest of answers.keys()) {
            if (answers.size <= most) break;
            answers.delete(oldest);
          }
          return answer;
        })
        .finally(() => underWay.delete(key));
      underWay.set(key, asking);
      return asking;
    },
  };
}
