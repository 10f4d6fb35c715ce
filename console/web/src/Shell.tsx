// The frame around every screen: navigation, what kind of server this is, and whether data is live.
import { useQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "react-aria-components";
import { statusQuery } from "./api/queries.ts";
import type { Status } from "./api/types.ts";
import { useConnection } from "./live/live.ts";
import { Icon } from "./parts/icons.tsx";
import { KeyboardSheet } from "./parts/KeyboardSheet.tsx";
import { useKeys } from "./parts/keys.ts";
import { ReviewerSheet } from "./parts/ReviewerSheet.tsx";
import { REVIEWER, useStored } from "./parts/storage.ts";
import { texts } from "./texts.ts";

export function Shell() {
  const status = useQuery(statusQuery).data;
  const navigate = useNavigate();
  const [sheet, setSheet] = useState<"keyboard" | "reviewer" | null>(null);
  useKeys({
    "?": () => setSheet("keyboard"),
    "g i": () => void navigate({ to: "/" }),
    "g r": () => void navigate({ to: "/runs" }),
    "g s": () => void navigate({ to: "/schedules" }),
  });
  return (
    <>
      <a className="skip" href="#main">
        {texts.skip}
      </a>
      <header className="bar">
        <Link to="/" className="brand">
          <Brand />
          {texts.product}
        </Link>
        <nav aria-label={texts.nav.label}>
          <Link to="/" activeOptions={{ exact: true, includeSearch: false }}>
            {texts.nav.inbox}
          </Link>
          <Link to="/runs">{texts.nav.runs}</Link>
          <Link to="/schedules">{texts.nav.schedules}</Link>
        </nav>
        <div className="bar-end">
          <ConnectionLight />
          <ReviewerButton open={() => setSheet("reviewer")} />
          <Button
            className="icon-button"
            aria-label={texts.keyboard.button}
            onPress={() => setSheet("keyboard")}
          >
            <kbd aria-hidden="true">?</kbd>
          </Button>
        </div>
      </header>
      {status && <Banners status={status} />}
      <main id="main" tabIndex={-1}>
        <Outlet />
      </main>
      <KeyboardSheet isOpen={sheet === "keyboard"} close={() => setSheet(null)} />
      <ReviewerSheet isOpen={sheet === "reviewer"} close={() => setSheet(null)} />
    </>
  );
}

function Brand() {
  return (
    <svg className="brand-mark" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <circle cx="5" cy="4.5" r="2.5" />
      <circle cx="5" cy="15.5" r="2.5" />
      <path d="M5 7v6M7.5 4.5h3.5a4 4 0 0 1 4 4V10" />
      <path d="m11.5 13.5 2.5 2.5 4.5-5" />
    </svg>
  );
}

function ConnectionLight() {
  const connection = useConnection();
  return (
    <span
      className="connection"
      data-state={connection}
      role="status"
      title={texts.connection.explain[connection]}
    >
      <span className="connection-dot" aria-hidden="true" />
      {texts.connection[connection]}
    </span>
  );
}

function ReviewerButton({ open }: { open: () => void }) {
  const name = useStored(REVIEWER);
  return (
    <Button className="who" onPress={open}>
      <Icon name="person" />
      <span>{name ? texts.reviewer.as(name) : texts.reviewer.none}</span>
    </Button>
  );
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|\[::1\]|localhost)(:\d+)?$/;

function Banners({ status }: { status: Status }) {
  const scripted = status.models.filter((it) => it.scripted).map((it) => it.name);
  const loopback = LOOPBACK.test(status.listening);
  if (!status.open && scripted.length === 0) return null;
  return (
    <aside className="banners" aria-label={texts.product}>
      {status.open && (
        <p data-tone={loopback ? "warn" : "bad"}>
          <Icon name="alert" />
          {loopback ? texts.banner.open(status.listening) : texts.banner.exposed(status.listening)}
        </p>
      )}
      {scripted.length > 0 && (
        <p data-tone="model">
          <Icon name="model" />
          {texts.banner.scripted(scripted.join(", "))}
        </p>
      )}
    </aside>
  );
}
