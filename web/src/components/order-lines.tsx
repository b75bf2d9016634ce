// The lines of an order before it is placed: products with their pieces, as far as the stock goes.

import { queryOptions, useQuery } from '@tanstack/react-query';
import { Trash2Icon } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, ApiError, type Schemas } from '@/api/client';
import { inLanguage, useFormat } from '@/lib/format';
import { useWorkspaceId } from '@/lib/queries';
import { Picker } from './picker';
import { RowButton } from './row-actions';
import { useReason } from './states';
import { Input } from './ui/input';
import { Skeleton } from './ui/skeleton';

type Product = Schemas['Product'];

export interface OrderLine {
  product_id: string;
  quantity: number;
  fault?: string;
}

/** The API takes no more. */
export const MOST_LINES = 50;
export const NOTE_CHARS = 500;
const MOST_PIECES = 999;
const SHOWN = 8;

export const productQuery = (workspace: string, id: string) =>
  queryOptions({
    queryKey: [workspace, 'product', id],
    queryFn: () => answer(api.GET('/api/v1/products/{id}', { params: { path: { id } } })),
  });

export function nameOf(product: Product, language: string) {
  const names = Object.entries(product.texts).map(([each, text]) => [each, text.name]);
  return inLanguage(Object.fromEntries(names), language) || product.sku;
}

/** Finds a product as customers find it in the chat. */
function ProductPicker({ except, onPick }: { except: string[]; onPick: (product: Product) => void }) {
  const { t, i18n } = useTranslation();
  const workspace = useWorkspaceId();
  const format = useFormat();
  const [text, setText] = useState<string | null>(null);
  const q = text?.trim() ?? '';
  const found = useQuery({
    queryKey: [workspace, 'products', 'pick', q],
    queryFn: () => answer(api.GET('/api/v1/products/search', { params: { query: { q, limit: SHOWN } } })),
    enabled: q.length > 1,
  });
  return (
    <Picker
      aria-label={t('orders.addProduct')}
      shown=""
      placeholder={t('orders.addProduct')}
      listLabel={t('nav.products')}
      text={text}
      onText={setText}
      options={q.length > 1 ? (found.data?.items.filter((one) => !except.includes(one.id)) ?? []) : []}
      option={(one) => (
        <>
          <bdi className="truncate">{nameOf(one, i18n.language)}</bdi>
          <span className="shrink-0 text-muted-foreground tabular-nums">
            {format.money(one.price_minor, one.currency)} · {t('orders.left', { count: one.stock })}
          </span>
        </>
      )}
      onPick={onPick}
    />
  );
}

function Line({
  line,
  onQuantity,
  onFault,
  onRemove,
}: {
  line: OrderLine;
  onQuantity?: (quantity: number) => Promise<unknown> | void;
  onFault?: (isFaulty: boolean) => void;
  onRemove?: () => void;
}) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const id = useId();
  const product = useQuery(productQuery(useWorkspaceId(), line.product_id)).data;
  const [text, setText] = useState(String(line.quantity));
  const [own, setOwn] = useState('');
  useEffect(() => setText(String(line.quantity)), [line.quantity]);
  const name = product ? nameOf(product, i18n.language) : '…';
  const fault = own || line.fault;
  const ruleOf = (quantity: number) => {
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > MOST_PIECES)
      return t('orders.quantityRule', { most: format.number(MOST_PIECES) });
    return product && quantity > product.stock ? t('orders.tooMany', { count: product.stock }) : '';
  };
  const keep = async () => {
    const quantity = Number(text);
    const rule = ruleOf(quantity);
    setOwn(rule);
    onFault?.(rule !== '');
    if (rule) return;
    if (quantity === line.quantity && !line.fault) return;
    try {
      await onQuantity?.(quantity);
    } catch (error) {
      const named = error instanceof ApiError ? error.problem?.errors?.[0]?.detail : undefined;
      setOwn(named ?? reason(error));
    }
  };
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3 text-sm">
      <div className="min-w-0 grow basis-48">
        <p className="font-medium">
          <bdi>{name}</bdi>
        </p>
        {product ? (
          <p className="text-muted-foreground tabular-nums">
            {format.money(product.price_minor, product.currency)} · {t('orders.left', { count: product.stock })}
          </p>
        ) : (
          <Skeleton className="h-5 w-32" />
        )}
      </div>
      <div className="grid w-24 gap-1">
        {onQuantity ? (
          <Input
            type="number"
            min={1}
            max={MOST_PIECES}
            inputMode="numeric"
            aria-label={`${t('orders.quantity')}: ${name}`}
            aria-invalid={Boolean(fault)}
            aria-describedby={fault ? id : undefined}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onBlur={() => void keep()}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              void keep();
            }}
          />
        ) : (
          <span className="tabular-nums">× {format.number(line.quantity)}</span>
        )}
      </div>
      <span className="w-24 pt-2 text-end tabular-nums">
        {product && format.money(product.price_minor * line.quantity, product.currency)}
      </span>
      {onRemove && (
        <RowButton words={t('orders.takeOut')} name={name} onClick={onRemove}>
          <Trash2Icon className="text-destructive-text" aria-hidden />
        </RowButton>
      )}
      {fault && (
        <p id={id} role="alert" className="basis-full text-destructive-text">
          {fault}
        </p>
      )}
    </li>
  );
}

export function OrderLines({
  lines,
  onQuantity,
  onFault,
  onRemove,
  onAdd,
}: {
  lines: OrderLine[];
  /** Without these, the lines cannot be changed. */
  onQuantity?: (product: string, quantity: number) => Promise<unknown> | void;
  /** Whether a quantity stands in its field that cannot be ordered. */
  onFault?: (product: string, isFaulty: boolean) => void;
  onRemove?: (product: string) => void;
  onAdd?: (product: Product) => void;
}) {
  const { t } = useTranslation();
  return (
    <>
      {lines.length > 0 ? (
        <ul className="divide-y">
          {lines.map((line) => (
            <Line
              key={line.product_id}
              line={line}
              onQuantity={onQuantity && ((quantity) => onQuantity(line.product_id, quantity))}
              onFault={onFault && ((isFaulty) => onFault(line.product_id, isFaulty))}
              onRemove={onRemove && (() => onRemove(line.product_id))}
            />
          ))}
        </ul>
      ) : (
        <p className="text-sm text-muted-foreground">{t('orders.linesNone')}</p>
      )}
      {onAdd && lines.length < MOST_LINES && (
        <div className="mt-4 max-w-xl">
          <ProductPicker except={lines.map((line) => line.product_id)} onPick={onAdd} />
        </div>
      )}
    </>
  );
}
