// The way to the builder of conditions, and the conditions in words.

import { FunnelPlusIcon, XIcon } from 'lucide-react';
import { Fragment, lazy, Suspense, useState, type ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/format';
import { useListState } from '@/lib/list-state';
import type { Column } from '@/lib/table';
import { cn } from '@/lib/utils';
import { isGroup, kindOf, type Condition, type Where } from '@/lib/where';
import { Button } from './ui/button';

interface DialogProps {
  columns: Column<never>[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Most people never open it. */
const ConditionsDialog = lazy(() =>
  import('./conditions').then((module) => ({ default: module.ConditionsDialog as ComponentType<DialogProps> })),
);

/** Opens the builder of conditions, for lists with columns that can be filtered. */
export function ConditionsButton<T>({ columns }: { columns: Column<T>[] }) {
  const { t } = useTranslation();
  const { search } = useListState();
  const [isOpen, setOpen] = useState(false);
  const known = columns.filter((column) => column.filter && column.value);
  if (!known.length) return null;
  return (
    <>
      <Button
        variant="outline"
        size="icon"
        aria-label={t('where.title')}
        title={t('where.title')}
        className={cn(search.where && 'border-primary')}
        onClick={() => setOpen(true)}
      >
        <FunnelPlusIcon aria-hidden />
      </Button>
      {isOpen && (
        <Suspense>
          <ConditionsDialog columns={known as Column<never>[]} open onOpenChange={setOpen} />
        </Suspense>
      )}
    </>
  );
}

/** A value of a condition as the list itself writes it. */
function useShown<T>() {
  const format = useFormat();
  return (column: Column<T>, value: string) => {
    const { filter } = column;
    if (filter?.kind === 'choice') return filter.options.find((one) => one.value === value)?.label ?? value;
    // At noon, no zone moves the day.
    if (kindOf(column) === 'day') return format.day(`${value}T12:00:00Z`);
    return kindOf(column) === 'number' ? format.number(Number(value)) : `“${value}”`;
  };
}

/** The conditions in words. */
export function ConditionsWords<T>({ columns, where }: { columns: Column<T>[]; where: Where }) {
  const { t } = useTranslation();
  const shown = useShown<T>();
  const words = ({ column: id, op, values }: Condition) => {
    const column = columns.find((one) => one.id === id);
    if (!column) return null;
    const said = values.map((value) => (value ? shown(column, value) : '…')).join(op === 'between' ? ' – ' : ', ');
    return (
      <>
        <bdi className="font-medium">{column.header}</bdi> {t(`where.ops.${op}`)} <bdi>{said}</bdi>
      </>
    );
  };
  const joined = (any: boolean, at: number) => at > 0 && ` ${any ? t('where.or') : t('where.and')} `;
  return where.of.map((part, at) => (
    <Fragment key={at}>
      {joined(where.any, at)}
      {isGroup(part) ? (
        <>
          (
          {part.of.map((one, inner) => (
            <Fragment key={inner}>
              {joined(part.any, inner)}
              {words(one)}
            </Fragment>
          ))}
          )
        </>
      ) : (
        words(part)
      )}
    </Fragment>
  ));
}

export function ConditionsLine<T>({ columns }: { columns: Column<T>[] }) {
  const { t } = useTranslation();
  const { search, change } = useListState();
  if (!search.where) return null;
  return (
    <div className="flex flex-wrap items-center gap-2 border-b bg-muted/40 px-3 py-2 text-sm sm:px-4">
      <p className="min-w-0 grow break-words">
        <ConditionsWords columns={columns} where={search.where} />
      </p>
      <Button variant="ghost" size="sm" onClick={() => change({ where: undefined })}>
        <XIcon aria-hidden />
        {t('where.clear')}
      </Button>
    </div>
  );
}
