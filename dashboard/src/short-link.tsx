import { useState } from 'react';
import { Button, Dialog, DialogTrigger, Heading, Modal } from 'react-aria-components';
import { encode } from 'uqr';

/** A QR code as an SVG of squares. It is dark on light in both colour schemes, so that cameras can read it. */
function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text);
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={`QR code of ${text}`} className="qr">
      <rect width={size} height={size} fill="#fff" />
      <path d={squares.join('')} fill="#000" />
    </svg>
  );
}

/** A short link with buttons to copy it and to show its QR code. */
export function ShortLink({ url }: { url: string }) {
  const [message, setMessage] = useState('Copy');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(url);
      setMessage('Copied');
    } catch {
      // Without TLS there is no clipboard, and the visitor can forbid its use.
      setMessage('The link could not be copied. Select it and copy it yourself.');
    }
  };
  return (
    <span className="short">
      <span>{url}</span>
      <Button onPress={copy} aria-label={`Copy ${url}`}>
        {message}
      </Button>
      <DialogTrigger>
        <Button aria-label={`QR code of ${url}`}>QR</Button>
        <Modal isDismissable className="modal">
          <Dialog>
            {({ close }) => (
              <>
                <Heading slot="title">{url}</Heading>
                <QrCode text={url} />
                <Button onPress={close}>Close</Button>
              </>
            )}
          </Dialog>
        </Modal>
      </DialogTrigger>
    </span>
  );
}
