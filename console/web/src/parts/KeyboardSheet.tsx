// Every shortcut on one page, and the switch that turns them off.
import { texts } from "../texts.ts";
import { Sheet } from "./Sheet.tsx";
import { SHORTCUTS, useStored, writeStored } from "./storage.ts";

export function KeyboardSheet({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const enabled = useStored(SHORTCUTS) !== "off";
  return (
    <Sheet title={texts.keyboard.title} isOpen={isOpen} close={close}>
      <label className="check">
        <input
          type="checkbox"
          checked={enabled}
          onChange={(event) => writeStored(SHORTCUTS, event.target.checked ? null : "off")}
        />
        {texts.keyboard.enabled}
      </label>
      {texts.keyboard.groups.map((group) => (
        <section key={group.title} className="key-group">
          <h3>{group.title}</h3>
          <dl>
            {group.keys.map(([key, what]) => (
              <div key={key + what}>
                <dt>
                  <kbd>{key}</kbd>
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Sheet>
  );
}
