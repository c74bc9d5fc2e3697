import { defaultDrawing, drawingPaths } from '@widget-store/contract';
import { useId, useState } from 'react';
import { Notice } from '../components/notice.js';
import { useSettings } from '../queries.js';
import { afterPress } from './afterPress.js';
import { pictureError } from './productDraft.js';
import { opsTexts } from './texts.js';
import { TextField } from './textField.js';

interface PictureFieldProps {
  /** The path of a drawing, or the address of another picture. Empty for the default drawing. */
  picture: string;
  onEdit: (picture: string) => void;
}

/** The choice of a picture: one of the store's drawings, or an address. Shows what shoppers see. */
export function PictureField({ picture, onEdit }: PictureFieldProps) {
  // The preview follows a typed address only when the operator leaves the field. It would otherwise load each prefix.
  const [previewed, setPreviewed] = useState(picture);
  // While the operator types, `previewed` is still the earlier address, so no error is shown.
  const isTyping = previewed !== picture;
  const group = useId();
  const origins = useSettings().data?.image_origins;
  const chosen = picture === '' ? defaultDrawing : picture;
  const hint = origins === undefined ? null : opsTexts.products.addressHint(origins);
  const address = drawingPaths.includes(chosen) ? '' : picture;
  const choose = (path: string): void => {
    onEdit(path);
    setPreviewed(path);
  };
  return (
    <>
      <fieldset className="ops-drawings">
        <legend>{opsTexts.products.drawing}</legend>
        {drawingPaths.map((path) => (
          <label key={path} className="ops-drawing">
            <input type="radio" name={group} checked={path === chosen} onChange={() => choose(path)} />
            <img className="plate" src={path} alt={nameOf(path)} width={64} height={64} />
          </label>
        ))}
      </fieldset>
      <TextField
        label={opsTexts.products.address}
        hint={hint}
        error={isTyping || origins === undefined ? null : pictureError(previewed.trim(), origins)}
        inputMode="url"
        autoCapitalize="none"
        value={address}
        onEdit={onEdit}
        onBlur={() => afterPress(() => setPreviewed(picture))}
      />
      <Preview picture={previewed.trim()} />
    </>
  );
}

function Preview({ picture }: { picture: string }) {
  const [failed, setFailed] = useState<string | null>(null);
  const isDrawing = picture === '' || drawingPaths.includes(picture);
  const isLoadable = isDrawing || (picture.startsWith('https://') && picture !== failed);
  return (
    <div className="ops-preview">
      <img
        className="plate"
        src={picture === '' || !isLoadable ? defaultDrawing : picture}
        alt=""
        width={96}
        height={96}
        onError={() => setFailed(picture)}
      />
      {isLoadable && <p className="small">{opsTexts.products.preview}</p>}
      <Notice tone="warning">{isLoadable ? null : opsTexts.products.pictureFails}</Notice>
    </div>
  );
}

/** The name of a drawing: "Care kit" for `/drawings/careKit.svg`. */
function nameOf(path: string): string {
  const [, name = path] = /([^/]+)\.svg$/.exec(path) ?? [];
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
