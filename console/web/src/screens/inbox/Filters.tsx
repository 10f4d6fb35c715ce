// The inbox's filters; the address holds them.
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Input, Label, SearchField } from "react-aria-components";
import { Icon } from "../../parts/icons.tsx";
import { Segments } from "../../parts/Segments.tsx";
import type { InboxSearch } from "../../search.ts";
import { label, texts } from "../../texts.ts";

const STATUSES = ["pending", "approved", "rejected", "expired", "revoked", "consumed"];
const RISKS = ["high", "medium", "low"];
const TYPING_MS = 200;

export function Filters({ search, status }: { search: InboxSearch; status: string }) {
  const without = (name: keyof InboxSearch) => {
    const { [name]: _dropped, ...rest } = search;
    return rest;
  };
  return (
    <div className="filters">
      <Segments
        label={texts.inbox.statuses}
        current={status}
        segments={STATUSES.map((value) => ({
          value,
          label: label(texts.status, value),
          link: {
            to: "/",
            search: value === "pending" ? without("status") : { ...search, status: value },
          },
        }))}
      />
      <Segments
        label={texts.inbox.risks}
        current={search.risk ?? ""}
        segments={[
          { value: "", label: texts.inbox.anyRisk, link: { to: "/", search: without("risk") } },
          ...RISKS.map((value) => ({
            value,
            label: label(texts.risk, value),
            link: { to: "/" as const, search: { ...search, risk: value } },
          })),
        ]}
      />
      <Search search={search} />
      {(search.q || search.risk) && (
        <Link
          to="/"
          search={search.status ? { status: search.status } : {}}
          className="link"
          replace
        >
          {texts.inbox.clear}
        </Link>
      )}
    </div>
  );
}

function Search({ search }: { search: InboxSearch }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState(search.q ?? "");
  const [applied, setApplied] = useState(search.q);
  if (applied !== search.q) {
    setApplied(search.q); // the address changed by a link or by the browser
    if ((search.q ?? "") !== typed.trim()) setTyped(search.q ?? "");
  }
  useEffect(() => {
    const q = typed.trim();
    if (q === (search.q ?? "")) return;
    const timer = setTimeout(() => {
      const { q: _old, ...rest } = search;
      void navigate({ to: "/", search: q ? { ...rest, q } : rest, replace: true });
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, search, navigate]);
  return (
    <SearchField className="search" value={typed} onChange={setTyped} maxLength={200}>
      <Label className="sr-only">{texts.inbox.search}</Label>
      <Icon name="search" />
      <Input placeholder={texts.inbox.searchHint} />
    </SearchField>
  );
}
