import { useState } from 'react';
import { texts } from '../texts.js';
import { Button } from './button.js';

interface QuantityFieldProps {
  product: string;
  quantity: number;
  /** At least 1. */
  most: number;
  onQuantity: (quantity: number) => void;
}

/** A native number field between two buttons large enough for touch. Invalid input is discarded. */
export function QuantityField({ product, quantity, most, onQuantity }: QuantityFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const change = (next: number) => {
    setDraft(null);
    if (Number.isInteger(next) && next >= 1 && next !== quantity) onQuantity(Math.min(next, most));
  };
  return (
    <div className="quantity">
      <Button label={texts.cart.less(product)} disabled={quantity <= 1} onPress={() => change(quantity - 1)}>
        −
      </Button>
      <input
        type="number"
        inputMode="numeric"
        min={1}
        max={most}
        aria-label={texts.cart.quantity(product)}
        value={draft ?? quantity}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={(event) => change(event.target.valueAsNumber)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') change(event.currentTarget.valueAsNumber);
        }}
      />
      <Button label={texts.cart.more(product)} disabled={quantity >= most} onPress={() => change(quantity + 1)}>
        +
      </Button>
    </div>
  );
}
