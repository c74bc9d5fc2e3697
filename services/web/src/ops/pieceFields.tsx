import type { OpsOrderBody } from '@widget-store/api';

interface PieceFieldsProps {
  /** The items of which pieces can come back. */
  items: OpsOrderBody['items'];
  /** What the operator has entered, by product id. */
  quantities: Record<number, number>;
  /** The label of a field. `left` is the highest number that is possible. */
  label: (product: string, left: number) => string;
  onChange: (quantities: Record<number, number>) => void;
}

/** A field for each item of an order: how many of its pieces came back. */
export function PieceFields({ items, quantities, label, onChange }: PieceFieldsProps) {
  return items.map(({ product_id: productId, product, quantity, returned }) => (
    <label key={productId}>
      {label(product, quantity - returned)}
      <input
        type="number"
        min={0}
        max={quantity - returned}
        value={quantities[productId] ?? 0}
        onChange={({ target }) =>
          onChange({ ...quantities, [productId]: Math.max(0, Math.floor(target.valueAsNumber) || 0) })
        }
      />
    </label>
  ));
}
