// What waits for a person, oldest first.
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { forgetArrived, useArrived } from "../../live/live.ts";
import { Icon } from "../../parts/icons.tsx";
import { useKeys } from "../../parts/keys.ts";
import { Empty, Failure, Loading, Stale } from "../../parts/states.tsx";
import { useRows } from "../../parts/useRows.ts";
import { useTitle } from "../../parts/useTitle.ts";
import { label, texts } from "../../texts.ts";
import { Filters } from "./Filters.tsx";
import { useInbox } from "./inbox.ts";
import { InboxRow } from "./InboxRow.tsx";

const ROW_HEIGHT = 68;
const AHEAD = 30; // rows before the end at which the next page is fetched
let lastOpened: string | undefined; // to put the focus back where the reader came from

export function InboxScreen() {
  useTitle(texts.inbox.title);
  const search = getRouteApi("/").useSearch();
  const navigate = useNavigate();
  const { status, query, all, items, filtered, searching } = useInbox(search);
  const rows = useRows({
    count: items.length,
    estimate: ROW_HEIGHT,
    keyOf: (index) => items[index]!.id,
  });

  const arrived = useArrived();
  const known = new Set(all.map((it) => it.id));
  const fresh = status === "pending" ? [...arrived].filter((id) => !known.has(id)).length : 0;
  const showFresh = () => void query.refetch().then(forgetArrived);
  useKeys({
    ".": showFresh,
    "/": () => document.querySelector<HTMLInputElement>(".filters input")?.focus(),
    Escape: () => void navigate({ to: "/", search: {} }),
  });

  const returned = useRef(false);
  useEffect(() => {
    if (returned.current || items.length === 0) return;
    returned.current = true;
    const index = items.findIndex((it) => it.id === lastOpened);
    if (index >= 0 && document.activeElement === document.body) rows.focusRow(index);
  }, [items, rows]);

  const virtualRows = rows.virtualizer.getVirtualItems();
  const last = virtualRows.at(-1)?.index ?? 0;
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError && last >= items.length - AHEAD)
      void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage, last, items.length]);

  return (
    <div className="page">
      <div className="page-head">
        <h1>{texts.inbox.title}</h1>
        {query.data && (
          <span className="quiet" role="status">
            {searching
              ? texts.inbox.searching(all.length)
              : texts.inbox.count(items.length, hasNextPage)}
          </span>
        )}
        {fresh > 0 && (
          <button
            type="button"
            className="pill"
            aria-label={texts.inbox.freshExplain(fresh)}
            onClick={showFresh}
          >
            <Icon name="arrow" />
            {texts.inbox.fresh(fresh)}
          </button>
        )}
      </div>
      <Filters search={search} status={status} />
      {query.isError && query.data && <Stale retry={() => void query.refetch()} />}
      {query.isPending ? (
        <Loading />
      ) : !query.data ? (
        <Failure error={query.error!} retry={() => void query.refetch()} />
      ) : items.length === 0 ? (
        <NothingHere status={status} filtered={filtered} searching={searching} />
      ) : (
        <ol
          className="list"
          ref={rows.list as React.RefObject<HTMLOListElement>}
          style={{ height: rows.virtualizer.getTotalSize() }}
        >
          {virtualRows.map((row) => {
            const item = items[row.index]!;
            return (
              <li
                key={row.key}
                ref={rows.virtualizer.measureElement}
                data-index={row.index}
                aria-setsize={items.length}
                aria-posinset={row.index + 1}
                style={{ transform: `translateY(${row.start - rows.scrollMargin}px)` }}
              >
                <InboxRow
                  approval={item}
                  index={row.index}
                  search={search}
                  gone={item.status !== status}
                  open={() => (lastOpened = item.id)}
                />
              </li>
            );
          })}
        </ol>
      )}
    </div>
  );
}

function NothingHere(props: { status: string; filtered: boolean; searching: boolean }) {
  if (props.searching) return <Loading />;
  if (props.filtered) return <Empty icon="search" title={texts.inbox.noMatch} />;
  if (props.status === "pending") {
    return <Empty title={texts.inbox.emptyPending} remedy={texts.inbox.emptyPendingRemedy} />;
  }
  return (
    <Empty
      title={texts.inbox.empty(label(texts.status, props.status).toLowerCase())}
      remedy={texts.inbox.emptyRemedy}
    />
  );
}
