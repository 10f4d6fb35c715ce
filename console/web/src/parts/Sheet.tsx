// A dialog over the page, with a title and a way out.
import type { ReactNode } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { texts } from "../texts.ts";
import { Icon } from "./icons.tsx";

export function Sheet(props: {
  title: string;
  isOpen: boolean;
  close: () => void;
  children: ReactNode;
}) {
  return (
    <ModalOverlay
      className="overlay"
      isDismissable
      isOpen={props.isOpen}
      onOpenChange={(open) => !open && props.close()}
    >
      <Modal className="sheet">
        <Dialog>
          <div className="sheet-head">
            <Heading slot="title">{props.title}</Heading>
            <Button className="icon-button" aria-label={texts.close} onPress={props.close}>
              <Icon name="cross" />
            </Button>
          </div>
          {props.children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
