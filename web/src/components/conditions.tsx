// The builder of conditions: it opens seldom, so its code is loaded when it does.

import { ListPlusIcon, PlusIcon, XIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/format';
import { useListState } from '@/lib/list-state';
import { FIRST, type Column } from '@/lib/table';
import { isComplete, isGroup, kindOf, OPS, split, valuesOf, type Condition, type Group, type Where } from '@/lib/where';
import { Button } from './ui/button';
import { Checkbox } from './ui/checkbox';
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from './ui/dialog';
import { Input, NativeSelect } from './ui/input';

const TYPES = { text: 'text', number: 'number', day: 'date' } as const;

/** The list with another part at a place, or without it. */
function replaced<Part>(parts: Part[], at: number, ...by: Part[]) {
  return parts.toSpliced(at, 1, ...by);
}

function Values<T>({
  condition: { op, values },
  column,
  onValues,
}: {
  condition: Condition;
  column: Column<T>;
  onValues: (values: string[]) => void;
}) {
  const { t } = useTranslation();
  const { filter } = column;
  if (filter?.kind === 'choice')
    return (
      <fieldset className="grid max-h-36 gap-1 overflow-y-auto rounded-md border border-input bg-background px-3 py-2">
        <legend className="sr-only">{t('where.value')}</legend>
        {filter.options.map(({ value, label }) => (
          <label key={value} className="flex cursor-pointer items-center gap-2 text-sm">
            <Checkbox
              checked={values.includes(value)}
              onChange={({ target }) =>
                onValues(target.checked ? [...values, value] : values.filter((one) => one !== value))
              }
            />
            <bdi>{label}</bdi>
          </label>
        ))}
      </fieldset>
    );
  const kind = kindOf(column);
  const type = kind === 'choice' ? 'text' : TYPES[kind];
  const names = op === 'between' ? [t('common.from'), t('common.until')] : [t('where.value')];
  return (
    <span className={op === 'between' ? 'grid gap-2 min-[26rem]:grid-cols-2' : undefined}>
      {names.slice(0, valuesOf(op)).map((name, at) => (
        <Input
          key={at}
          type={type}
          step="any"
          aria-label={name}
          placeholder={op === 'between' ? name : undefined}
          value={values[at] ?? ''}
          onChange={({ target }) =>
            onValues(names.map((_, each) => (each === at ? target.value : (values[each] ?? ''))))
          }
        />
      ))}
    </span>
  );
}

function One<T>({
  condition,
  columns,
  isTried,
  onChange,
  onRemove,
}: {
  condition: Condition;
  columns: Column<T>[];
  /** Whether to say what is missing. */
  isTried: boolean;
  onChange: (condition: Condition) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  const column = columns.find((one) => one.id === condition.column) ?? columns[0]!;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-2 max-sm:border-b max-sm:pb-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_minmax(0,1.5fr)_auto]">
      <NativeSelect
        aria-label={t('where.column')}
        value={column.id}
        onChange={(event) => {
          const next = columns.find((one) => one.id === event.target.value)!;
          onChange(fresh(next));
        }}
      >
        {columns.map((one) => (
          <option key={one.id} value={one.id}>
            {one.header}
          </option>
        ))}
      </NativeSelect>
      <NativeSelect
        aria-label={t('where.op')}
        className="max-sm:col-span-2"
        value={condition.op}
        onChange={(event) => {
          const op = event.target.value as Condition['op'];
          onChange({ ...condition, op, values: condition.values.slice(0, valuesOf(op) || undefined) });
        }}
      >
        {OPS[kindOf(column)].map((op) => (
          <option key={op} value={op}>
            {t(`where.ops.${op}`)}
          </option>
        ))}
      </NativeSelect>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-1 max-sm:col-span-2">
        {valuesOf(condition.op) > 0 && (
          <Values condition={condition} column={column} onValues={(values) => onChange({ ...condition, values })} />
        )}
        {isTried && !isComplete(condition) && (
          <p role="alert" className="text-sm text-destructive-text">
            {t('common.required')}
          </p>
        )}
      </div>
      <Button
        variant="ghost"
        size="icon"
        className="max-sm:col-start-2 max-sm:row-start-1"
        aria-label={t('where.remove', { column: column.header })}
        onClick={onRemove}
      >
        <XIcon aria-hidden />
      </Button>
    </li>
  );
}

function fresh<T>(column: Column<T>): Condition {
  return { column: column.id, op: OPS[kindOf(column)][0], values: [] };
}

/** Whether all or any of the parts must hold. */
function Join({ any, label, onAny }: { any: boolean; label: string; onAny: (any: boolean) => void }) {
  const { t } = useTranslation();
  return (
    <NativeSelect
      aria-label={label}
      className="w-auto max-w-full justify-self-start"
      value={any ? 'any' : 'all'}
      onChange={(event) => onAny(event.target.value === 'any')}
    >
      <option value="all">{t('where.all')}</option>
      <option value="any">{t('where.any')}</option>
    </NativeSelect>
  );
}

function Part({ label, children }: { label: string; children: ReactNode }) {
  return (
    <li>
      <div
        role="group"
        aria-label={label}
        className="grid grid-cols-[minmax(0,1fr)] gap-3 rounded-md border bg-muted/40 p-3"
      >
        {children}
      </div>
    </li>
  );
}

function Builder<T>({ columns, onClose }: { columns: Column<T>[]; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { search, change } = useListState();
  const [draft, setDraft] = useState<Where>(() => search.where ?? { any: false, of: [fresh(columns[0]!)] });
  const [isTried, setTried] = useState(false);
  const set = (of: Where['of']) => setDraft({ ...draft, of });
  const all = draft.of.flatMap((part) => (isGroup(part) ? part.of : [part]));
  const byId = new Map(columns.map((column) => [column.id, column]));
  const { rest } = split(draft, byId, new Set(Object.keys(search.f ?? {})));
  const apply = () => {
    setTried(true);
    if (!all.every(isComplete)) return;
    const of = draft.of.filter((part) => !isGroup(part) || part.of.length);
    change({ where: of.length ? { ...draft, of } : undefined });
    onClose();
  };
  return (
    <form
      className="grid grid-cols-[minmax(0,1fr)] gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      <Join any={draft.any} label={t('where.join')} onAny={(any) => setDraft({ ...draft, any })} />
      <ul className="grid grid-cols-[minmax(0,1fr)] gap-3">
        {draft.of.map((part, at) =>
          isGroup(part) ? (
            <Part key={at} label={t('where.group', { number: at + 1 })}>
              <div className="flex items-center justify-between gap-2">
                <Join
                  any={part.any}
                  label={t('where.groupJoin', { number: at + 1 })}
                  onAny={(any) => set(replaced<Condition | Group>(draft.of, at, { ...part, any }))}
                />
                <Button
                  variant="ghost"
                  size="icon"
                  aria-label={t('where.groupRemove', { number: at + 1 })}
                  onClick={() => set(replaced(draft.of, at))}
                >
                  <XIcon aria-hidden />
                </Button>
              </div>
              <ul className="grid grid-cols-[minmax(0,1fr)] gap-3">
                {part.of.map((condition, inner) => {
                  const put = (...by: Condition[]) =>
                    set(replaced<Condition | Group>(draft.of, at, { ...part, of: replaced(part.of, inner, ...by) }));
                  return (
                    <One
                      key={inner}
                      condition={condition}
                      columns={columns}
                      isTried={isTried}
                      onChange={put}
                      onRemove={() => put()}
                    />
                  );
                })}
              </ul>
              <Button
                variant="ghost"
                size="sm"
                className="justify-self-start"
                onClick={() =>
                  set(replaced<Condition | Group>(draft.of, at, { ...part, of: [...part.of, fresh(columns[0]!)] }))
                }
              >
                <PlusIcon aria-hidden />
                {t('where.add')}
              </Button>
            </Part>
          ) : (
            <One
              key={at}
              condition={part}
              columns={columns}
              isTried={isTried}
              onChange={(condition) => set(replaced<Condition | Group>(draft.of, at, condition))}
              onRemove={() => set(replaced(draft.of, at))}
            />
          ),
        )}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button variant="outline" size="sm" onClick={() => set([...draft.of, fresh(columns[0]!)])}>
          <PlusIcon aria-hidden />
          {t('where.add')}
        </Button>
        <Button
          variant="outline"
          size="sm"
          onClick={() => set([...draft.of, { any: !draft.any, of: [fresh(columns[0]!)] }])}
        >
          <ListPlusIcon aria-hidden />
          {t('where.addGroup')}
        </Button>
      </div>
      <p className="text-xs text-muted-foreground">
        {rest ? t('where.here', { first: format.number(FIRST) }) : t('where.there')}
      </p>
      <DialogFooter>
        <Button
          variant="outline"
          disabled={!search.where}
          onClick={() => {
            change({ where: undefined });
            onClose();
          }}
        >
          {t('where.clear')}
        </Button>
        <Button type="submit">{t('where.apply')}</Button>
      </DialogFooter>
    </form>
  );
}

export function ConditionsDialog<T>({
  columns,
  open,
  onOpenChange,
}: {
  columns: Column<T>[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const { t } = useTranslation();
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent className="sm:max-w-3xl">
        <DialogTitle>{t('where.title')}</DialogTitle>
        <DialogDescription>{t('where.hint')}</DialogDescription>
        {open && <Builder columns={columns} onClose={() => onOpenChange(false)} />}
      </DialogContent>
    </Dialog>
  );
}
