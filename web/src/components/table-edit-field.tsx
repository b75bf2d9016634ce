// The field in a cell. The new value is in sight at once. A refusal brings the field back, with what was written and why it
// was refused. What somebody else wrote into the same cell is shown before it is overwritten.

import { CheckIcon, XIcon } from 'lucide-react';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { ApiError, type Tagged } from '@/api/client';
import type { Column, Edit } from '@/lib/table';
import { cn } from '@/lib/utils';
import { Conflict } from './conflict';
import { useReason } from './states';
import type { Draft } from './table-edit';
import { Button } from './ui/button';
import { Input, NativeSelect } from './ui/input';
import { Popover, PopoverAnchor, PopoverContent } from './ui/popover';

/** Others may change other fields of the thing again and again. */
const MOST_TRIES = 5;

export interface CellFieldProps<T> {
  column: Column<T>;
  edit: Edit<T>;
  row: T;
  label: string;
  /** What the person wrote before the row left the sight. */
  draft: Draft | undefined;
  onDraft: (draft: Draft | null) => void;
  onStage: (stage: 'shown' | 'open' | 'saving') => void;
  onSaved: (row: T) => void;
}

export function CellField<T>({ column, edit, row, label, draft, onDraft, onStage, onSaved }: CellFieldProps<T>) {
  const { t } = useTranslation();
  const reason = useReason();
  const id = useId();
  /** What stood in the cell when the person began. */
  const seen = useRef(draft?.seen ?? edit.text(row));
  const [text, setText] = useState(draft?.text ?? seen.current);
  const [fault, setFault] = useState(draft?.fault ?? '');
  const [pending, setPending] = useState<T | null>(null);
  const [conflict, setConflict] = useState<Tagged<T> | null>(null);
  const field = useRef<HTMLInputElement & HTMLSelectElement>(null);
  const isHere = useRef(true);
  const isBack = useRef(draft !== undefined);
  const wasSent = useRef(false);
  // The tag is of the time at which the person began to write.
  const [base] = useState(() => (draft?.base as Promise<Tagged<T> | null>) ?? edit.read(row).catch(() => null));
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  const isOpen = pending === null;
  useLayoutEffect(() => {
    if (!isOpen) return;
    // A field that a scroll brings back takes the focus from nothing.
    if (isBack.current) return;
    const at = document.activeElement;
    // A refusal takes nobody away from what they do meanwhile.
    const isElsewhere = at !== document.body && !field.current?.closest('[data-editable]')?.contains(at);
    if (wasSent.current && isElsewhere) return;
    field.current?.focus();
    if (field.current instanceof HTMLInputElement) field.current.select();
  }, [isOpen]);

  const keep = (value: string, why: string) =>
    onDraft(value === seen.current && !why ? null : { text: value, seen: seen.current, base, fault: why });
  const end = () => {
    onDraft(null);
    onStage('shown');
  };
  /** Returns the thing as it is saved, or as somebody else has saved it. */
  const send = async (value: string, agreed: Tagged<T> | null) => {
    let known = agreed ?? (await base) ?? (await edit.read(row));
    for (let tries = 1; ; tries += 1) {
      const theirs = edit.text(known.data);
      if (theirs === value) return { saved: known.data };
      if (theirs !== seen.current) return { theirs: known };
      try {
        return { saved: await edit.save(edit.change(value, known.data), known) };
      } catch (error) {
        if (!(error instanceof ApiError && error.status === 412) || tries === MOST_TRIES) throw error;
        known = await edit.read(row);
      }
    }
  };
  const submit = async (agreed: Tagged<T> | null = null) => {
    const value = text.trim();
    if (!value && edit.required) return setFault(t('common.required'));
    if (value === seen.current && !agreed) return end();
    setFault('');
    onDraft(null);
    isBack.current = false;
    wasSent.current = true;
    setPending({ ...row, ...edit.change(value, agreed?.data ?? row) });
    onStage('saving');
    try {
      const { saved, theirs } = await send(value, agreed);
      if (saved) {
        onSaved(saved);
        toast.success(t('common.saved'));
        return onStage('shown');
      }
      if (theirs) {
        setConflict(theirs);
        keep(text, '');
      }
      if (!isHere.current) toast.error(`${label}: ${t('conflict.title')} ${t('conflict.text')}`);
    } catch (error) {
      const details = error instanceof ApiError && error.problem?.errors?.map((one) => one.detail).join(' ');
      setFault(details || reason(error));
      keep(text, details || reason(error));
      if (!isHere.current) toast.error(`${label}: ${details || reason(error)}`);
    }
    setPending(null);
    onStage('open');
  };
  const wordsOf = (value: string) => edit.options?.find((one) => one.value === value)?.label ?? value;

  if (pending !== null) return column.cell(pending);
  const props = {
    ref: field,
    'aria-label': label,
    'aria-invalid': Boolean(fault),
    'aria-describedby': fault ? id : undefined,
    value: text,
    onChange: ({ target: { value } }: { target: { value: string } }) => {
      setText(value);
      keep(value, fault);
    },
  };
  return (
    <Popover open={conflict !== null} onOpenChange={() => setConflict(null)}>
      <PopoverAnchor asChild>
        <form
          noValidate
          className={cn(
            'absolute top-1/2 z-10 flex w-max max-w-72 -translate-y-1/2 flex-wrap items-center gap-1 rounded-md border bg-card p-1 text-start shadow-md',
            column.align === 'end' ? '-end-1' : '-start-1 [dd_&]:start-auto [dd_&]:-end-1',
          )}
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
          onKeyDown={(event) => {
            // What the conflict hears is not for the field, and what the field hears is not for the page.
            if (event.key !== 'Escape' || !event.currentTarget.contains(event.target as Element)) return;
            event.stopPropagation();
            end();
          }}
          onBlur={(event) => {
            const isLeft = !event.currentTarget.contains(event.relatedTarget);
            if (isLeft && text === seen.current && !fault) end();
          }}
        >
          {edit.kind === 'choice' ? (
            <NativeSelect {...props} className="h-8 w-44 px-2">
              {edit.options?.map((option) => (
                <option key={option.value} value={option.value}>
                  {option.label}
                </option>
              ))}
            </NativeSelect>
          ) : (
            <Input
              {...props}
              type={edit.kind ?? 'text'}
              step="any"
              dir={edit.kind === 'email' ? 'ltr' : 'auto'}
              autoComplete="off"
              enterKeyHint="done"
              className={edit.kind === 'number' ? 'h-8 w-28 px-2' : 'h-8 w-44 px-2'}
            />
          )}
          <Button type="submit" size="icon" className="size-8" aria-label={t('common.save')} title={t('common.save')}>
            <CheckIcon aria-hidden />
          </Button>
          <Button
            variant="ghost"
            size="icon"
            className="size-8"
            aria-label={t('common.cancel')}
            title={t('common.cancel')}
            onClick={end}
          >
            <XIcon aria-hidden />
          </Button>
          {fault && (
            <p id={id} role="alert" className="w-0 min-w-full px-1 text-sm whitespace-normal text-destructive-text">
              {fault}
            </p>
          )}
        </form>
      </PopoverAnchor>
      {conflict && (
        <PopoverContent align="start" className="w-80 max-w-[calc(100vw-1rem)] p-0" aria-label={t('conflict.title')}>
          <Conflict
            differing={[
              { label: column.header, theirs: wordsOf(edit.text(conflict.data)), mine: wordsOf(text.trim()) },
            ]}
            onKeepMine={() => {
              seen.current = edit.text(conflict.data);
              setConflict(null);
              void submit(conflict);
            }}
            onTakeTheirs={() => {
              onSaved(conflict.data);
              end();
            }}
          />
        </PopoverContent>
      )}
    </Popover>
  );
}
