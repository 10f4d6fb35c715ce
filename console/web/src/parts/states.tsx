// What a screen shows when it has nothing to show: loading, empty, failed, not found.
import { Link, type ErrorComponentProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { ApiProblem } from "../api/client.ts";
import { texts } from "../texts.ts";
import { Icon, type IconName } from "./icons.tsx";

/** Appears after a moment only, so that a quick answer does not flicker. */
export function Loading({ rows = 6, heading }: { rows?: number; heading?: string }) {
  return (
    <div className="loading" role="status">
      {heading && <h1 className="sr-only">{heading}</h1>}
      <span className="sr-only">{texts.loading}</span>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} className="bone" aria-hidden="true" />
      ))}
    </div>
  );
}

export function Empty(props: {
  icon?: IconName;
  title: string;
  remedy?: string;
  wholePage?: boolean;
  children?: ReactNode;
}) {
  const Heading = props.wholePage ? "h1" : "h2";
  return (
    <div className="empty">
      <Icon name={props.icon ?? "empty"} />
      <Heading>{props.title}</Heading>
      {props.remedy && <p>{props.remedy}</p>}
      {props.children}
    </div>
  );
}

/** `wholePage` where nothing else on the page has a heading. */
export function Failure(props: { error: Error; retry: () => void; wholePage?: boolean }) {
  const { error, retry } = props;
  const Heading = props.wholePage ? "h1" : "h2";
  const problem = error instanceof ApiProblem ? error.problem : null;
  const missing = problem?.status === 404;
  return (
    <div className="empty" role="alert" data-tone="bad">
      <Icon name="alert" />
      <Heading>
        {missing ? texts.failure.notFound : (problem?.title ?? texts.failure.unreachable)}
      </Heading>
      {problem?.detail && <p>{problem.detail}</p>}
      <p>
        {problem?.remedy ??
          (missing ? texts.failure.notFoundRemedy : texts.failure.unreachableRemedy)}
      </p>
      <p className="quiet">
        <code>{problem ? problem.code : error.message}</code>
      </p>
      <div className="row">
        {!missing && (
          <Button className="button" onPress={retry}>
            {texts.retry}
          </Button>
        )}
        <Link to="/" className="button">
          {texts.failure.toInbox}
        </Link>
      </div>
    </div>
  );
}

/** Above content that is there but could not be refreshed. */
export function Stale({ retry }: { retry: () => void }) {
  return (
    <div className="notice" data-tone="warn" role="status">
      <Icon name="alert" />
      <span>{texts.failure.stale}</span>
      <button type="button" className="link" onClick={retry}>
        {texts.retry}
      </button>
    </div>
  );
}

export function PageNotFound() {
  return (
    <Empty
      wholePage
      icon="question"
      title={texts.failure.notFoundPage}
      remedy={texts.failure.notFoundPageRemedy}
    >
      <Link to="/" className="button">
        {texts.failure.toInbox}
      </Link>
    </Empty>
  );
}

// What browsers say when a part of the program cannot be fetched.
const NOT_FETCHED = /dynamically imported module|module script failed|error loading/i;

export function Crash({ error }: ErrorComponentProps) {
  const message = error instanceof Error ? error.message : String(error);
  const away = NOT_FETCHED.test(message);
  return (
    <div className="empty" role="alert" data-tone="bad">
      <Icon name="alert" />
      <h1>{away ? texts.failure.unreachable : texts.failure.crash}</h1>
      <p>{away ? texts.failure.unreachableRemedy : texts.failure.crashRemedy}</p>
      <p className="quiet">
        <code>{message}</code>
      </p>
      <Button className="button" onPress={() => location.reload()}>
        {texts.retry}
      </Button>
    </div>
  );
}
