import { useState } from 'react';
import { texts } from '../texts.js';
import { Button } from './button.js';

interface QuantityFieldProps {
  product: string;
  quantity: number;
  /** At least 1. */
  max: number;
  onQuantity: (quantity: number) => void;
}

/** A native number field between two buttons that are large enough for touch. Invalid input is discarded. */
export function QuantityField({ product, quantity, max, onQuantity }: QuantityFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const change = (next: number) => {
    setDraft(null);
    if (Number.isInteger(next) && next >= 1 && next !== quantity) onQuantity(Math.min(next, max));
  };
  return (
    <div className="quantity">
      <Button label={texts.cart.removeOne(product)} disabled={quantity <= 1} onPress={() => change(quantity - 1)}>
        −
      </Button>
      <input
        type="number"
        inputMode="numeric"
        min={1}
        max={max}
        aria-label={texts.cart.quantity(product)}
        value={draft ?? quantity}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={(event) => change(event.target.valueAsNumber)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') change(event.currentTarget.valueAsNumber);
        }}
      />
      <Button label={texts.cart.addOne(product)} disabled={quantity >= max} onPress={() => change(quantity + 1)}>
        +
      </Button>
    </div>
  );
}
