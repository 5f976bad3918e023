import { type Act, emojis } from "@verbatim/shared/marks/act";
import type { Listed } from "@verbatim/shared/marks/listed";
import { IconCheck, IconPlayerPlay, IconTrash, IconX } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { clockOf, timeOf } from "../clock/format.ts";
import { useWords } from "../words/words.ts";
import { EvidenceForm, TagForm, TextForm } from "./mark-forms.tsx";
import { useMarks } from "./marks-context.ts";
import cards from "../parts/cards.module.css";
import styles from "./marks.module.css";
import { useMarkActs } from "./use-mark-acts.ts";

type Props = { readonly listed: Listed; readonly onRemoved: (target: string) => void };

/** One annotation with its thread: whose words, what was said of them, and what one can add. */
export function MarkCard({ listed, onRemoved }: Props) {
  const { marks: words } = useWords();
  const { state, store, chosen, choose, go, speakers, competencies } = useMarks();
  const acts = useMarkActs();
  const [open, setOpen] = useState<"reply" | "tag" | "evidence">();
  const { annotation, quote, startMs, seatIds } = listed;
  const { id, by, tags, evidence, comments, reactions, resolved } = annotation;
  const own = acts.of(annotation);
  const self = state.self;
  const mayRemove = (author: string): boolean => self !== undefined && (self.corrects || self.author === author);
  const remove = (target: string): void => {
    acts.remove(target, true);
    onRemoved(target);
  };
  const card = useRef<HTMLLIElement>(null);
  const isChosen = chosen === id;
  useEffect(() => {
    if (isChosen) card.current?.scrollIntoView({ block: "nearest" });
  }, [isChosen]);
  const close = { onCancel: () => setOpen(undefined) };
  const put = (said: Act): void => {
    store.act(said);
    setOpen(undefined);
  };
  const spoken = seatIds.map((seat) => speakers.find(({ seatId }) => seatId === seat)?.name ?? words.nobody);
  const byEmoji = Map.groupBy(reactions, ({ emoji }) => emoji);

  return (
    <li
      ref={card}
      className={styles["card"]}
      data-annotation={id}
      data-chosen={isChosen}
      data-resolved={resolved !== null}
    >
      <p className={cards["quiet"]}>
        <b>{by.name}</b> · {clockOf(startMs)} {spoken.join(", ")}
      </p>
      <button
        type="button"
        className={cards["quote"]}
        aria-label={words.play(quote, clockOf(startMs))}
        onClick={() => {
          choose(id);
          go(listed);
        }}
      >
        <IconPlayerPlay size={16} aria-hidden />“{quote || words.takenOut}”
      </button>
      {(tags.length > 0 || evidence.length > 0) && (
        <p className={styles["row"]}>
          {tags.map((tag) => (
            <span key={tag} className={styles["tag"]}>
              {tag}
              <button type="button" aria-label={words.takeTag(tag)} onClick={() => put(own.tag(tag, false))}>
                <IconX size={14} aria-hidden />
              </button>
            </span>
          ))}
          {evidence.map(({ competency, level, by: { name } }) => (
            <span key={competency} className={styles["tag"]} data-evidence={level} title={words.levelBy(name)}>
              {words.level(competency, level)}
              <button
                type="button"
                aria-label={words.takeTag(words.level(competency, level))}
                onClick={() => put(own.evidence(competency, null))}
              >
                <IconX size={14} aria-hidden />
              </button>
            </span>
          ))}
        </p>
      )}
      {comments.some(({ removed }) => !removed) && (
        <ol className={styles["thread"]}>
          {comments
            .filter(({ removed }) => !removed)
            .map((comment) => (
              <li key={comment.id} data-comment={comment.id}>
                <p className={cards["quiet"]}>
                  <b>{comment.by.name}</b> {timeOf(comment.by.atMs)}
                  {mayRemove(comment.by.author) && (
                    <button type="button" aria-label={words.removeComment} onClick={() => remove(comment.id)}>
                      <IconTrash size={16} aria-hidden />
                    </button>
                  )}
                </p>
                <p className={cards["text"]}>{comment.text}</p>
              </li>
            ))}
        </ol>
      )}
      {resolved && <p className={cards["quiet"]}>{words.resolved(resolved.name)}</p>}
      <div className={styles["row"]}>
        {emojis
          .filter((emoji) => isChosen || byEmoji.has(emoji))
          .map((emoji) => {
            const who = byEmoji.get(emoji) ?? [];
            const mine = who.some((each) => each.by.author === self?.author);
            return (
              <button
                key={emoji}
                type="button"
                className={styles["emoji"]}
                aria-pressed={mine}
                aria-label={words.reactions(words.emoji(emoji), who.map((each) => each.by.name).join(", "))}
                title={who.map((each) => each.by.name).join(", ")}
                onClick={() => put(own.react(emoji, !mine))}
              >
                {emoji} {who.length > 0 && who.length}
              </button>
            );
          })}
        {open === undefined && (
          <>
            <button type="button" className={cards["quietButton"]} onClick={() => setOpen("reply")}>
              {words.form.reply}
            </button>
            <button type="button" className={cards["quietButton"]} onClick={() => setOpen("tag")}>
              {words.tag}
            </button>
            <button type="button" className={cards["quietButton"]} onClick={() => setOpen("evidence")}>
              {words.evidence}
            </button>
            <button type="button" className={cards["quietButton"]} onClick={() => put(own.resolve(!resolved))}>
              {!resolved && <IconCheck size={16} aria-hidden />} {resolved ? words.reopen : words.resolve}
            </button>
            {mayRemove(by.author) && (
              <button type="button" className={cards["quietButton"]} onClick={() => remove(id)}>
                {words.remove}
              </button>
            )}
          </>
        )}
      </div>
      {open === "reply" && (
        <TextForm
          {...close}
          label={words.form.comment}
          save={words.form.send}
          onText={(text) => put(own.comment(text))}
        />
      )}
      {open === "tag" && <TagForm {...close} known={acts.known} onTag={(tag) => put(own.tag(tag))} />}
      {open === "evidence" && (
        <EvidenceForm
          {...close}
          competencies={competencies}
          onEvidence={(competency, level) => put(own.evidence(competency, level))}
        />
      )}
    </li>
  );
}
