// The tools above the table: search, filters, columns, saved views.

import {
  ArrowDownIcon,
  ArrowUpIcon,
  BookmarkIcon,
  Columns3Icon,
  FilterIcon,
  SearchIcon,
  Trash2Icon,
  XIcon,
} from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKept } from '@/lib/kept';
import { useListState, type ListSearch } from '@/lib/list-state';
import type { Column } from '@/lib/table';
import { rangeOf } from '@/lib/where';
import { cn } from '@/lib/utils';
import { Badge } from './ui/badge';
import { Button } from './ui/button';
import { Checkbox } from './ui/checkbox';
import { Input, NativeSelect } from './ui/input';
import { Popover, PopoverContent, PopoverTrigger } from './ui/popover';

const DELAY_MS = 300;

/** Which columns are shown, in which order and how wide: this browser keeps it for each table. */
export interface Layout {
  shown: Record<string, boolean>;
  order: string[];
  widths: Record<string, number>;
}

interface View {
  name: string;
  search: Pick<ListSearch, 'q' | 'sort' | 'f' | 'where' | 'size'>;
  layout: Layout;
}

/** A text that waits until its writer pauses, and that follows the address back and forward. */
function useLateText(said: string, tell: (text: string) => void) {
  const [text, setText] = useState(said);
  const told = useRef(said);
  useEffect(() => {
    if (said !== told.current) {
      told.current = said;
      setText(said);
    }
  }, [said]);
  useEffect(() => {
    if (text === told.current) return;
    const later = setTimeout(() => {
      told.current = text;
      tell(text);
    }, DELAY_MS);
    return () => clearTimeout(later);
  }, [text, tell]);
  return [text, setText] as const;
}

export function SearchBox({ label }: { label: string }) {
  const { t } = useTranslation();
  const { search, change } = useListState();
  const tell = useRef((text: string) => change({ q: text || undefined }, true)).current;
  const [text, setText] = useLateText(search.q ?? '', tell);
  return (
    <div className="relative w-full sm:max-w-80 sm:min-w-40 sm:flex-1">
      <SearchIcon className="pointer-events-none absolute start-3 top-3 size-4 text-muted-foreground" aria-hidden />
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        className="ps-9 pe-9 [&::-webkit-search-cancel-button]:hidden"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {text && (
        <button
          type="button"
          aria-label={t('table.clear')}
          className="absolute end-2 top-2 rounded-sm p-1 text-muted-foreground hover:text-foreground"
          onClick={() => setText('')}
        >
          <XIcon className="size-4" aria-hidden />
        </button>
      )}
    </div>
  );
}

function TextFilter({ label, said, tell }: { label: string; said: string; tell: (value: string) => void }) {
  const latest = useRef(tell);
  latest.current = tell;
  const later = useRef((text: string) => latest.current(text)).current;
  const [text, setText] = useLateText(said, later);
  return (
    <Input
      aria-label={label}
      className={cn(said && 'border-primary')}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}

function FilterControl<T>({ column }: { column: Column<T> }) {
  const { t } = useTranslation();
  const { search, filterBy } = useListState();
  const filter = column.filter!;
  const said = search.f?.[column.id] ?? '';
  const active = said ? 'border-primary' : undefined;
  if (filter.kind === 'choice')
    return (
      <NativeSelect
        aria-label={column.header}
        className={cn(filter.quick && 'w-auto max-w-full sm:max-w-56 max-sm:min-w-40 max-sm:flex-1', active)}
        value={said}
        onChange={(event) => filterBy(column.id, event.target.value || undefined)}
      >
        <option value="">{filter.all ?? t('table.any')}</option>
        {filter.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </NativeSelect>
    );
  if (filter.kind === 'text')
    return (
      <TextFilter
        label={column.header}
        said={said}
        tell={(text) => filterBy(column.id, text.trim() || undefined, true)}
      />
    );
  const { from, until } = rangeOf(said);
  const tell = (a: string, b: string) => filterBy(column.id, a || b ? `${a}..${b}` : undefined, true);
  const type = filter.kind === 'day' ? 'date' : 'number';
  return (
    // A day needs the room of its sign too. Where two do not fit beside each other, they stand one below the other.
    <span
      className={cn('grid gap-2', type === 'date' ? 'grid-cols-[repeat(auto-fit,minmax(9rem,1fr))]' : 'grid-cols-2')}
    >
      <Input
        type={type}
        aria-label={t('table.from', { column: column.header })}
        title={t('table.from', { column: column.header })}
        className={active}
        value={from}
        onChange={(event) => tell(event.target.value, until)}
      />
      <Input
        type={type}
        aria-label={t('table.until', { column: column.header })}
        title={t('table.until', { column: column.header })}
        className={active}
        value={until}
        onChange={(event) => tell(from, event.target.value)}
      />
    </span>
  );
}

export function QuickFilters<T>({ columns }: { columns: Column<T>[] }) {
  return columns
    .filter((column) => column.filter?.quick)
    .map((column) => <FilterControl key={column.id} column={column} />);
}

export function FilterToggle<T>({
  columns,
  open,
  onToggle,
}: {
  columns: Column<T>[];
  open: boolean;
  onToggle: () => void;
}) {
  const { t } = useTranslation();
  const { search } = useListState();
  const others = columns.filter((column) => column.filter && !column.filter.quick);
  if (!others.length) return null;
  const active = others.filter((column) => search.f?.[column.id]).length;
  return (
    <Button variant="outline" aria-expanded={open} onClick={onToggle}>
      <FilterIcon aria-hidden />
      <span className="max-sm:sr-only">{t('table.filters')}</span>
      {active > 0 && <Badge tone="good">{active}</Badge>}
    </Button>
  );
}

export function FilterPanel<T>({ columns }: { columns: Column<T>[] }) {
  const { t } = useTranslation();
  const { search, change } = useListState();
  return (
    <div className="border-b bg-muted/40 p-3 sm:p-4">
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3 xl:grid-cols-4">
        {columns
          .filter((column) => column.filter && !column.filter.quick)
          .map((column) => (
            <div key={column.id} className="grid content-start gap-1 text-sm">
              <span className="font-medium" aria-hidden>
                {column.header}
              </span>
              <FilterControl column={column} />
            </div>
          ))}
      </div>
      {(search.f ?? search.q ?? search.where) && (
        <Button
          variant="link"
          size="sm"
          className="mt-2 px-0"
          onClick={() => change({ f: undefined, q: undefined, where: undefined, sort: undefined })}
        >
          {t('table.clearAll')}
        </Button>
      )}
    </div>
  );
}

export function ColumnsMenu<T>({
  columns,
  layout,
  keep,
}: {
  columns: Column<T>[];
  layout: Layout;
  keep: (change: (before: Layout) => Layout) => void;
}) {
  const { t } = useTranslation();
  const move = (id: string, by: number) =>
    keep((before) => {
      const order = columns.map((column) => column.id);
      const at = order.indexOf(id);
      const to = at + by;
      if (to < 0 || to >= order.length) return before;
      order.splice(to, 0, ...order.splice(at, 1));
      return { ...before, order };
    });
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button variant="outline" size="icon" aria-label={t('table.columns')} title={t('table.columns')}>
          <Columns3Icon aria-hidden />
        </Button>
      </PopoverTrigger>
      <PopoverContent>
        <ul className="grid gap-1">
          {columns.map((column, index) => (
            <li key={column.id} className="flex items-center gap-1">
              <label className="flex min-w-0 grow cursor-pointer items-center gap-2 py-1 text-sm">
                <Checkbox
                  checked={layout.shown[column.id] !== false}
                  onChange={(event) => {
                    const { checked } = event.target;
                    keep((before) => ({ ...before, shown: { ...before.shown, [column.id]: checked } }));
                  }}
                />
                <span className="truncate">{column.header || t('table.actions')}</span>
              </label>
              <Button
                variant="ghost"
                size="icon"
                className="size-8"
                disabled={index === 0}
                aria-label={t('table.earlier', { column: column.header })}
                onClick={() => move(column.id, -1)}
              >
                <ArrowUpIcon aria-hidden />
              </Button>
              <Button
                variant="ghost"
                size="icon"
                className="size-8"
                disabled={index === columns.length - 1}
                aria-label={t('table.later', { column: column.header })}
                onClick={() => move(column.id, 1)}
              >
                <ArrowDownIcon aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
        <Button
          variant="link"
          size="sm"
          className="mt-1 px-0"
          onClick={() => keep(() => ({ shown: {}, order: [], widths: {} }))}
        >
          {t('table.usual')}
        </Button>
      </PopoverContent>
    </Popover>
  );
}

export function ViewsMenu({
  table,
  layout,
  keep,
}: {
  table: string;
  layout: Layout;
  keep: (change: (before: Layout) => Layout) => void;
}) {
  const { t } = useTranslation();
  const { search, change } = useListState();
  const [{ views }, keepViews] = useKept<{ views: View[] }>(`kazi.views.${table}`, { views: [] });
  const [name, setName] = useState('');
  const save = () => {
    const { q, sort, f, where, size } = search;
    const view = { name: name.trim(), search: { q, sort, f, where, size }, layout };
    keepViews((before) => ({ views: [...before.views.filter((one) => one.name !== view.name), view] }));
    setName('');
  };
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button variant="outline" size="icon" aria-label={t('table.views')} title={t('table.views')}>
          <BookmarkIcon aria-hidden />
        </Button>
      </PopoverTrigger>
      <PopoverContent>
        {views.length === 0 && <p className="mb-2 text-sm text-muted-foreground">{t('table.viewsNone')}</p>}
        <ul className="mb-2 grid gap-1">
          {views.map((view) => (
            <li key={view.name} className="flex items-center gap-1">
              <Button
                variant="ghost"
                size="sm"
                className="min-w-0 grow justify-start"
                onClick={() => {
                  keep(() => view.layout);
                  change({
                    q: undefined,
                    sort: undefined,
                    f: undefined,
                    where: undefined,
                    size: undefined,
                    ...view.search,
                  });
                }}
              >
                <span className="truncate">{view.name}</span>
              </Button>
              <Button
                variant="ghost"
                size="icon"
                className="size-8"
                aria-label={t('table.viewDelete', { name: view.name })}
                onClick={() => keepViews((before) => ({ views: before.views.filter((one) => one.name !== view.name) }))}
              >
                <Trash2Icon aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
        <form
          className="flex gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim()) save();
          }}
        >
          <Input
            aria-label={t('table.viewName')}
            placeholder={t('table.viewName')}
            maxLength={40}
            className="h-8"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <Button type="submit" size="sm" disabled={!name.trim()}>
            {t('common.save')}
          </Button>
        </form>
      </PopoverContent>
    </Popover>
  );
}
