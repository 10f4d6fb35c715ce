// A row of links, one of which is current: a filter that lives in the address.
import { Link, type LinkProps } from "@tanstack/react-router";

export type Segment = {
  readonly value: string;
  readonly label: string;
  readonly link: LinkProps;
};

export function Segments(props: {
  label: string;
  current: string;
  segments: ReadonlyArray<Segment>;
}) {
  return (
    <div className="segments" role="group" aria-label={props.label}>
      {props.segments.map((segment) => (
        <Link
          key={segment.value}
          {...segment.link}
          replace
          className="segment"
          activeProps={{}}
          aria-current={segment.value === props.current ? "true" : undefined}
        >
          {segment.label}
        </Link>
      ))}
    </div>
  );
}
