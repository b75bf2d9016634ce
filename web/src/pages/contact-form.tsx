import { zodResolver } from '@hookform/resolvers/zod';
import { useQueryClient } from '@tanstack/react-query';
import { TriangleAlertIcon } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { toast } from 'sonner';
import { z } from 'zod';
import { ApiError, api, tagged, type Schemas, type Tagged } from '@/api/client';
import { Field } from '@/components/field';
import { useReason } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogTitle } from '@/components/ui/dialog';
import { Input, NativeSelect } from '@/components/ui/input';
import { LANGUAGES } from '@/lib/i18n';
import { useWorkspaceId } from '@/lib/queries';

type Contact = Schemas['ContactView'];

const FIELDS = ['name', 'phone', 'email', 'language', 'tags'] as const;
type FieldName = (typeof FIELDS)[number];
type Values = Record<FieldName, string>;

function valuesOf(contact: Contact | undefined): Values {
  return {
    name: contact?.name ?? '',
    phone: contact?.phone ?? '',
    email: contact?.email ?? '',
    language: contact?.language ?? '',
    tags: contact?.tags.join(', ') ?? '',
  };
}

function tagsOf(text: string) {
  return text
    .split(',')
    .map((tag) => tag.trim())
    .filter(Boolean);
}

export function contactQuery(workspace: string, id: string) {
  return {
    queryKey: [workspace, 'contact', id],
    queryFn: () => tagged(api.GET('/api/v1/contacts/{id}', { params: { path: { id } } })),
  };
}

/** What somebody else has saved while this person was writing, beside what this person wrote. */
function Conflict({
  theirs,
  mine,
  onKeepMine,
  onTakeTheirs,
}: {
  theirs: Values;
  mine: Values;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
}) {
  const { t } = useTranslation();
  const differing = FIELDS.filter((field) => theirs[field] !== mine[field]);
  return (
    <div role="alert" className="grid gap-3 rounded-md border border-amber-500 bg-amber-50 p-4 dark:bg-amber-950/50">
      <p className="flex gap-2 font-medium">
        <TriangleAlertIcon className="mt-0.5 size-5 shrink-0 text-amber-600 dark:text-amber-400" aria-hidden />
        {t('conflict.title')}
      </p>
      <p className="text-sm">{t('conflict.text')}</p>
      {differing.length > 0 && (
        <table className="w-full text-sm">
          <thead>
            <tr className="text-start text-xs text-muted-foreground">
              <th className="py-1 text-start font-medium">{t('conflict.field')}</th>
              <th className="py-1 text-start font-medium">{t('conflict.theirs')}</th>
              <th className="py-1 text-start font-medium">{t('conflict.mine')}</th>
            </tr>
          </thead>
          <tbody>
            {differing.map((field) => (
              <tr key={field} className="border-t border-amber-500/40 align-top">
                <th scope="row" className="py-1 pe-2 text-start font-medium">
                  {t(`contacts.${field}`)}
                </th>
                <td className="py-1 pe-2 break-all">
                  <bdi>{theirs[field] || '–'}</bdi>
                </td>
                <td className="py-1 break-all">
                  <bdi>{mine[field] || '–'}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className="flex flex-wrap gap-2">
        <Button size="sm" variant="outline" onClick={onTakeTheirs}>
          {t('conflict.takeTheirs')}
        </Button>
        <Button size="sm" onClick={onKeepMine}>
          {t('conflict.keepMine')}
        </Button>
      </div>
    </div>
  );
}

/** Makes a contact, or edits one. An edit starts from the state that `of` holds, whatever is saved meanwhile. */
export function ContactDialog({
  open,
  onOpenChange,
  of,
  onSaved,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  of?: Tagged<Contact>;
  onSaved?: (contact: Contact) => void;
}) {
  const { t } = useTranslation();
  const workspace = useWorkspaceId();
  const queries = useQueryClient();
  const reason = useReason();
  const base = useRef(of);
  const latest = useRef(of);
  latest.current = of;
  const [conflict, setConflict] = useState<Tagged<Contact> | null>(null);
  const schema = z
    .object({
      name: z.string().trim(),
      phone: z.string().trim(),
      email: z.union([z.literal(''), z.email(t('login.emailWrong'))]),
      language: z.string(),
      tags: z.string(),
    })
    .refine((values) => values.phone || values.email || of, { path: ['phone'], message: t('contacts.phoneMissing') });
  const form = useForm<Values>({ resolver: zodResolver(schema), defaultValues: valuesOf(of?.data) });
  const { register, handleSubmit, formState, reset, setError, getValues } = form;

  useEffect(() => {
    if (!open) return;
    base.current = latest.current;
    setConflict(null);
    reset(valuesOf(latest.current?.data));
  }, [open, reset]);

  const save = async (values: Values) => {
    try {
      const start = base.current;
      const texts = (name: Exclude<FieldName, 'tags'>) => values[name].trim() || null;
      let saved: Contact;
      if (start) {
        const before = valuesOf(start.data);
        const changed = FIELDS.filter((field) => values[field] !== before[field]);
        const body: Schemas['ContactPatch'] = {};
        for (const field of changed) {
          if (field === 'tags') body.tags = tagsOf(values.tags);
          else body[field] = texts(field);
        }
        const params = { path: { id: start.data.id }, header: { 'If-Match': start.etag } };
        const answer = await tagged(api.PATCH('/api/v1/contacts/{id}', { params, body }));
        saved = answer.data;
      } else {
        const body = {
          name: texts('name'),
          phone: texts('phone'),
          email: texts('email'),
          language: texts('language'),
          tags: tagsOf(values.tags),
        };
        saved = (await tagged(api.POST('/api/v1/contacts', { body }))).data;
      }
      await queries.invalidateQueries({ queryKey: [workspace] });
      toast.success(t('common.saved'));
      onOpenChange(false);
      onSaved?.(saved);
    } catch (error) {
      if (error instanceof ApiError && error.status === 412 && base.current) {
        setConflict(await contactQuery(workspace, base.current.data.id).queryFn());
        return;
      }
      let shown = false;
      for (const fault of (error instanceof ApiError && error.problem?.errors) || []) {
        const field = FIELDS.find((one) => fault.pointer.split('/').includes(one));
        if (field) {
          setError(field, { message: fault.detail });
          shown = true;
        }
      }
      if (!shown) toast.error(reason(error));
    }
  };

  const takeTheirs = () => {
    base.current = conflict ?? undefined;
    reset(valuesOf(conflict?.data));
    setConflict(null);
  };
  /** The person has seen both: their own text is now a change of the new state. */
  const keepMine = () => {
    base.current = conflict ?? undefined;
    setConflict(null);
    void handleSubmit(save)();
  };

  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent>
        <DialogTitle>{of ? t('contacts.edit') : t('contacts.add')}</DialogTitle>
        <DialogDescription className={of ? 'sr-only' : undefined}>{t('contacts.formHint')}</DialogDescription>
        {conflict && (
          <Conflict
            theirs={valuesOf(conflict.data)}
            mine={getValues()}
            onKeepMine={keepMine}
            onTakeTheirs={takeTheirs}
          />
        )}
        <form noValidate className="grid gap-4" onSubmit={(event) => void handleSubmit(save)(event)}>
          <Field label={t('contacts.name')} error={formState.errors.name?.message}>
            <Input autoComplete="off" {...register('name')} />
          </Field>
          <Field label={t('contacts.phone')} hint={t('contacts.phoneHint')} error={formState.errors.phone?.message}>
            <Input type="tel" dir="ltr" autoComplete="off" {...register('phone')} />
          </Field>
          <Field label={t('contacts.email')} error={formState.errors.email?.message}>
            <Input type="email" dir="ltr" autoComplete="off" {...register('email')} />
          </Field>
          <Field label={t('contacts.language')} error={formState.errors.language?.message}>
            <NativeSelect {...register('language')}>
              <option value="">{t('contacts.languageUnknown')}</option>
              {Object.entries(LANGUAGES).map(([code, name]) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </NativeSelect>
          </Field>
          <Field label={t('contacts.tags')} hint={t('contacts.tagsHint')} error={formState.errors.tags?.message}>
            <Input autoComplete="off" {...register('tags')} />
          </Field>
          <DialogFooter>
            <Button variant="outline" onClick={() => onOpenChange(false)}>
              {t('common.cancel')}
            </Button>
            <Button type="submit" disabled={formState.isSubmitting || conflict !== null}>
              {t('common.save')}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
