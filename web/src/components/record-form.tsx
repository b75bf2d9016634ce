// The one form of all things that are made and edited: faults of the API stand at their fields, and what somebody else
// has saved meanwhile is shown before anything is overwritten.

import { useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Controller, useForm, type Control } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { ApiError, type Tagged } from '@/api/client';
import { useWorkspaceId } from '@/lib/queries';
import { cn } from '@/lib/utils';
import { Coded } from './coded';
import { Conflict } from './conflict';
import { ContactPicker } from './contact-picker';
import { Field } from './field';
import { Failed, useReason } from './states';
import { Button } from './ui/button';
import { Checkbox } from './ui/checkbox';
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from './ui/dialog';
import { Input, NativeSelect, Textarea } from './ui/input';
import { Skeleton } from './ui/skeleton';

/** What a person writes. A choice of many is separated by commas, and a tick is `yes`. */
export type Values = Record<string, string>;

export interface FormField {
  name: string;
  label: string;
  hint?: string;
  kind?:
    | 'text'
    | 'area'
    | 'number'
    | 'choice'
    | 'check'
    | 'many'
    | 'contact'
    | 'date'
    | 'datetime-local'
    | 'time'
    | 'email'
    | 'url'
    | 'tel'
    | 'password';
  /** A code stands below its words where there is a choice of many. */
  options?: { value: string; label: string; code?: string }[];
  required?: boolean;
  dir?: 'ltr' | 'rtl';
  step?: string;
  autoComplete?: string;
  /** The name of the field in the API's faults, where it has another one. */
  pointer?: string;
  /** A control of several parts, in place of one of a kind, and its value in words. */
  render?: (value: string, onChange: (value: string) => void) => ReactNode;
  words?: (value: string) => string;
}

export interface FormGroup {
  legend?: string;
  fields: FormField[];
  /** Folded until a person opens it. `empty`: one that is filled in begins open. */
  folded?: true | 'empty';
  /** Of no use with the other values. Its own values stay. */
  hidden?: boolean;
  beside?: boolean;
}

interface RecordFormProps<T> {
  groups: FormGroup[];
  /** A new thing's first values. */
  initial?: Values;
  /** The thing that is edited, and how it reads as values. */
  of?: Tagged<T>;
  valuesOf?: (thing: T) => Values;
  /** Reads the thing again, to show what somebody else has saved. */
  read?: () => Promise<Tagged<T>>;
  /** `changed` names the fields whose values differ from those of `before`, the thing as it was read with the tag. */
  save: (
    values: Values,
    changed: ReadonlySet<string>,
    etag: string | undefined,
    before: T | undefined,
  ) => Promise<unknown>;
  /** Faults that need no call, by field. */
  check?: (values: Values) => { [field: string]: string | undefined } | undefined;
  action?: string;
  done?: string;
  onDone?: () => void;
  onCancel?: () => void;
  onValues?: (values: Values) => void;
  children?: ReactNode;
}

export const tick = (on: boolean | undefined | null) => (on ? 'yes' : '');
export const listOf = (text: string | undefined) =>
  (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);
/** Lines of `name: value`. */
export const pairsOf = (text: string | undefined) =>
  Object.fromEntries(
    (text ?? '')
      .split('\n')
      .filter((line) => line.includes(':'))
      .map((line) => [line.slice(0, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()]),
  );

/** More choices than these stand below each other, so that a person finds one. */
const IN_LINES = 8;

function Many({ field, control }: { field: FormField; control: Control<Values> }) {
  return (
    <Controller
      name={field.name}
      control={control}
      render={({ field: { value, onChange } }) => {
        const chosen = listOf(value);
        return (
          <fieldset className="grid gap-1.5">
            <legend className="mb-1.5 text-sm font-medium">{field.label}</legend>
            <div
              className={cn(
                'gap-x-4 gap-y-2',
                (field.options?.length ?? 0) > IN_LINES ? 'grid grid-cols-1 sm:grid-cols-2' : 'flex flex-wrap',
              )}
            >
              {field.options?.map((option) => (
                <label key={option.value} className="flex cursor-pointer items-center gap-2 text-sm">
                  <Checkbox
                    checked={chosen.includes(option.value)}
                    onChange={(event) =>
                      onChange(
                        (event.target.checked
                          ? [...chosen, option.value]
                          : chosen.filter((one) => one !== option.value)
                        ).join(','),
                      )
                    }
                  />
                  {option.code ? <Coded words={option.label} code={option.code} /> : option.label}
                </label>
              ))}
            </div>
            {field.hint && <p className="text-xs text-muted-foreground">{field.hint}</p>}
          </fieldset>
        );
      }}
    />
  );
}

export function RecordForm<T>(props: RecordFormProps<T>) {
  const { groups, initial = {}, of, valuesOf, read, save, check, action, done, onDone, onCancel, onValues } = props;
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const queries = useQueryClient();
  const reason = useReason();
  const fields = groups.flatMap((group) => group.fields);
  const startOf = (thing: Tagged<T> | undefined): Values => ({
    ...Object.fromEntries(fields.map((field) => [field.name, ''])),
    ...initial,
    ...(thing && valuesOf ? valuesOf(thing.data) : {}),
  });
  const base = useRef(of);
  const [conflict, setConflict] = useState<Tagged<T> | null>(null);
  const [fault, setFault] = useState('');
  const form = useForm<Values>({ defaultValues: startOf(of), shouldUnregister: false });
  const { register, control, handleSubmit, formState, reset, setError, getValues, subscribe } = form;
  useEffect(() => {
    if (!onValues) return;
    onValues(getValues());
    return subscribe({ formState: { values: true }, callback: ({ values }) => onValues(values) });
  }, [onValues, subscribe, getValues]);

  const submit = async (values: Values) => {
    setFault('');
    const faults = Object.entries(check?.(values) ?? {}).filter(([, message]) => message);
    if (faults.length) {
      for (const [name, message] of faults) setError(name, { message }, { shouldFocus: true });
      return;
    }
    const before = startOf(base.current);
    const changed = new Set(fields.map((field) => field.name).filter((name) => values[name] !== before[name]));
    try {
      await save(values, changed, base.current?.etag, base.current?.data);
      await queries.invalidateQueries({ queryKey: [workspace] });
      if (done !== '') toast.success(done ?? t('common.saved'));
      if (onDone) onDone();
      else if (read) {
        // The form stays in sight: its next change is one of what is saved now.
        base.current = await read();
        reset(startOf(base.current));
      }
    } catch (error) {
      if (error instanceof ApiError && error.status === 412 && read) {
        setConflict(await read());
        return;
      }
      const rest: string[] = [];
      const shown = groups.filter((group) => !group.hidden).flatMap((group) => group.fields);
      for (const one of (error instanceof ApiError && error.problem?.errors) || []) {
        const path = one.pointer.split('/').filter(Boolean);
        const field = [path.join('.'), ...path.toReversed()]
          .map((part) => shown.find((each) => (each.pointer ?? each.name) === part))
          .find(Boolean);
        if (field) setError(field.name, { message: one.detail }, { shouldFocus: true });
        else rest.push(`${one.pointer}: ${one.detail}`);
      }
      const named = error instanceof ApiError && error.problem?.errors?.length;
      setFault(named ? rest.join(' ') : reason(error));
    }
  };
  const takeTheirs = () => {
    base.current = conflict ?? undefined;
    reset(startOf(conflict ?? undefined));
    setConflict(null);
  };
  /** The person has seen both: their own text is now a change of the new state. */
  const keepMine = () => {
    base.current = conflict ?? undefined;
    setConflict(null);
    void handleSubmit(submit)();
  };
  const differing = () => {
    const theirs = startOf(conflict ?? undefined);
    const mine = getValues();
    return fields
      .filter((field) => theirs[field.name] !== mine[field.name])
      .map(({ name, label, words = String }) => ({
        label,
        theirs: words(theirs[name] ?? ''),
        mine: words(mine[name] ?? ''),
      }));
  };

  const controlOf = (field: FormField) => {
    const error = formState.errors[field.name]?.message;
    const required: string | false = field.required ? t('common.required') : false;
    const rules = { required };
    const kind = field.kind ?? 'text';
    if (kind === 'many') return <Many key={field.name} field={field} control={control} />;
    if (field.render)
      return (
        <fieldset key={field.name} className="grid gap-1.5">
          <legend className="mb-1.5 text-sm font-medium">{field.label}</legend>
          {field.hint && <p className="mb-1.5 text-xs text-muted-foreground">{field.hint}</p>}
          <Controller
            name={field.name}
            control={control}
            render={({ field: { value, onChange } }) => <>{field.render?.(value ?? '', onChange)}</>}
          />
          {error && (
            <p role="alert" className="text-sm text-destructive-text">
              {error}
            </p>
          )}
        </fieldset>
      );
    if (kind === 'check')
      return (
        <div key={field.name} className="grid gap-1">
          <label className="flex cursor-pointer items-center gap-2 text-sm font-medium">
            <Controller
              name={field.name}
              control={control}
              render={({ field: { value, onChange, name, ref } }) => (
                <input
                  type="checkbox"
                  ref={ref}
                  name={name}
                  className="size-4 accent-[var(--ring)]"
                  checked={value === 'yes'}
                  onChange={(event) => onChange(tick(event.target.checked))}
                />
              )}
            />
            {field.label}
          </label>
          {field.hint && <p className="ps-6 text-xs text-muted-foreground">{field.hint}</p>}
          {error && (
            <p role="alert" className="text-sm text-destructive-text">
              {error}
            </p>
          )}
        </div>
      );
    return (
      <Field key={field.name} label={field.label} hint={field.hint} error={error}>
        {kind === 'contact' ? (
          <PickedContact name={field.name} control={control} required={required} />
        ) : kind === 'choice' ? (
          <NativeSelect {...register(field.name, rules)}>
            {field.options?.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </NativeSelect>
        ) : kind === 'area' ? (
          <Textarea dir={field.dir ?? 'auto'} {...register(field.name, rules)} />
        ) : (
          <Input
            type={kind}
            dir={field.dir ?? (kind === 'url' || kind === 'email' || kind === 'tel' ? 'ltr' : 'auto')}
            step={field.step}
            autoComplete={field.autoComplete ?? 'off'}
            {...register(field.name, rules)}
          />
        )}
      </Field>
    );
  };

  return (
    <form noValidate className="grid gap-4" onSubmit={(event) => void handleSubmit(submit)(event)}>
      {conflict && <Conflict differing={differing()} onKeepMine={keepMine} onTakeTheirs={takeTheirs} />}
      {groups.map((group, index) => {
        if (group.hidden) return null;
        const inside = (
          <div className={group.beside ? 'grid items-start gap-4 sm:grid-cols-2' : 'grid gap-4'}>
            {group.fields.map(controlOf)}
          </div>
        );
        const hasFault = group.fields.some((field) => formState.errors[field.name]);
        const isFilled = group.fields.some(({ name }) => formState.defaultValues?.[name]);
        const isOpen = hasFault || (group.folded === 'empty' && isFilled);
        if (group.folded)
          return (
            <details key={index} open={isOpen || undefined} className="rounded-md border p-3">
              <summary className="cursor-pointer text-sm font-medium">{group.legend}</summary>
              <div className="mt-3">{inside}</div>
            </details>
          );
        if (!group.legend) return <div key={index}>{inside}</div>;
        return (
          <fieldset key={index} className="rounded-md border p-3">
            <legend className="px-1 text-sm font-semibold">{group.legend}</legend>
            {inside}
          </fieldset>
        );
      })}
      {props.children}
      {fault && (
        <p role="alert" className="text-sm text-destructive-text">
          {fault}
        </p>
      )}
      <DialogFooter>
        {onCancel && (
          <Button variant="outline" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
        )}
        <Button type="submit" disabled={formState.isSubmitting || conflict !== null}>
          {action ?? t('common.save')}
        </Button>
      </DialogFooter>
    </form>
  );
}

function PickedContact({
  name,
  control,
  required,
  ...rest
}: {
  name: string;
  control: Control<Values>;
  required: string | false;
  id?: string;
}) {
  return (
    <Controller
      name={name}
      control={control}
      rules={{ required }}
      render={({ field }) => <ContactPicker {...rest} value={field.value ?? ''} onChange={field.onChange} />}
    />
  );
}

export function RecordDialog<T>({
  open,
  onOpenChange,
  title,
  hint,
  needs,
  onSaved,
  ...form
}: Omit<RecordFormProps<T>, 'onDone' | 'onCancel'> & {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  hint?: string;
  /** A list without which the form cannot be filled in. */
  needs?: UseQueryResult;
  onSaved?: () => void;
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent aria-describedby={hint ? undefined : ''}>
        <DialogTitle>{title}</DialogTitle>
        {hint && <DialogDescription>{hint}</DialogDescription>}
        {needs?.isPending ? (
          <Skeleton className="h-40" />
        ) : needs?.isLoadingError ? (
          <Failed error={needs.error} retry={() => void needs.refetch()} />
        ) : (
          /* It mounts with the dialog, so that it starts from what is saved at that time. */
          <RecordForm
            {...form}
            onCancel={() => onOpenChange(false)}
            onDone={() => {
              onOpenChange(false);
              onSaved?.();
            }}
          />
        )}
      </DialogContent>
    </Dialog>
  );
}
