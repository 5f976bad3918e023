import { ActionIcon, TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconSearch, IconX } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, useEffect, useEffectEvent, useRef } from "react";
import { isWriting } from "../parts/is-writing.ts";
import { useWords } from "../words/words.ts";
import type { WordSearch as Search } from "./use-word-search.ts";
import styles from "./word-search.module.css";

/** Closed, a button; open, the line one types into, how many places there are, and the ways between them. `/` opens it. */
export function WordSearch({ search }: { search: Search }) {
  const { search: words } = useWords();
  const opener = useRef<HTMLButtonElement>(null);
  const line = useRef<HTMLInputElement>(null);
  const { text, count, at } = search;
  const open = text !== undefined;

  const openIt = (): void => {
    search.open();
    line.current?.select();
  };
  const onSlash = useEffectEvent((event: globalThis.KeyboardEvent) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    event.preventDefault();
    openIt();
  });
  useEffect(() => {
    window.addEventListener("keydown", onSlash);
    return () => window.removeEventListener("keydown", onSlash);
  }, []);
  const wasOpen = useRef(open);
  useEffect(() => {
    if (open && !wasOpen.current) line.current?.focus();
    if (!open && wasOpen.current) opener.current?.focus();
    wasOpen.current = open;
  }, [open]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter") (event.shiftKey ? search.previous : search.next)();
    else if (event.key === "Escape") search.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className={styles["row"]} role="search" aria-label={words.label} data-open={open}>
      {open ? (
        <>
          <TextInput
            ref={line}
            className={styles["line"] ?? ""}
            size="sm"
            aria-label={words.label}
            placeholder={words.label}
            value={text}
            maxLength={100}
            onChange={(event) => search.type(event.currentTarget.value)}
            onKeyDown={onKeyDown}
          />
          <span className={styles["count"]} role="status">
            {text.trim() !== "" && words.count(at, count)}
          </span>
          <Step name={words.previous} icon={<IconChevronUp size={20} aria-hidden />} onPress={search.previous} />
          <Step name={words.next} icon={<IconChevronDown size={20} aria-hidden />} onPress={search.next} />
          <Step name={words.close} icon={<IconX size={20} aria-hidden />} onPress={search.close} />
        </>
      ) : (
        <button ref={opener} type="button" className={styles["open"]} title={words.hint} onClick={openIt}>
          <IconSearch size={18} aria-hidden />
          {words.open}
        </button>
      )}
    </div>
  );
}

function Step({ name, icon, onPress }: { name: string; icon: ReactNode; onPress: () => void }) {
  return (
    <ActionIcon size={44} variant="subtle" color="gray" aria-label={name} title={name} onClick={onPress}>
      {icon}
    </ActionIcon>
  );
}
