// The menus of the head of the app.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Building2Icon, CircleUserIcon, LogOutIcon, PlusIcon } from 'lucide-react';
import { useRef, type ComponentProps, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, enter, logOut } from '@/api/client';
import { useAct } from '@/lib/act';
import { LANGUAGES, speak, type Language } from '@/lib/i18n';
import { useMe, useWorkspaceId, workspacesQuery } from '@/lib/queries';
import { choose, THEMES, useTheme, type Theme } from '@/lib/theme';
import type { LateProps } from './late';
import { OFTEN_SET } from './navigation';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuRadioGroup,
  DropdownMenuRadioItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from './ui/dropdown-menu';

/** A menu that begins open. */
function Menu({
  byKeyboard,
  button,
  ...props
}: ComponentProps<typeof DropdownMenuContent> & { byKeyboard: boolean; button: ReactElement }) {
  const goesToFirst = useRef(byKeyboard);
  return (
    <DropdownMenu defaultOpen>
      <DropdownMenuTrigger asChild>{button}</DropdownMenuTrigger>
      <DropdownMenuContent
        onFocus={(event) => {
          // The menu goes to its first item by itself for keys that it has heard. The first one was before its time.
          if (!goesToFirst.current || event.target !== event.currentTarget) return;
          goesToFirst.current = false;
          event.preventDefault();
          event.currentTarget.querySelector<HTMLElement>('[role^=menuitem]')?.focus();
        }}
        {...props}
      />
    </DropdownMenu>
  );
}

export function WorkspaceMenu({ children, byKeyboard }: LateProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const id = useWorkspaceId();
  const workspaces = useQuery(workspacesQuery());
  const others = (workspaces.data ?? []).filter((one) => !one.shut_out);
  const change = async (workspace_id: string) => {
    enter(await answer(api.POST('/api/v1/me/workspace', { body: { workspace_id } })));
    await queries.invalidateQueries({ queryKey: ['me'] });
    await navigate({ to: '/' });
  };
  return (
    <Menu align="start" byKeyboard={byKeyboard} button={children}>
      <DropdownMenuLabel>{t('shell.workspaces')}</DropdownMenuLabel>
      <DropdownMenuRadioGroup value={id} onValueChange={(next) => void change(next)}>
        {others.map((one) => (
          <DropdownMenuRadioItem key={one.workspace_id} value={one.workspace_id}>
            {one.name}
          </DropdownMenuRadioItem>
        ))}
      </DropdownMenuRadioGroup>
      <DropdownMenuSeparator />
      <DropdownMenuItem onSelect={() => void navigate({ to: '/workspaces/new' })}>
        <PlusIcon aria-hidden />
        {t('workspaces.new')}
      </DropdownMenuItem>
      <DropdownMenuItem onSelect={() => void navigate({ to: '/workspaces' })}>
        <Building2Icon aria-hidden />
        {t('shell.allWorkspaces')}
      </DropdownMenuItem>
    </Menu>
  );
}

export function SettingsMenu({ children, byKeyboard }: LateProps) {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const workspace = useWorkspaceId();
  const theme = useTheme();
  return (
    <Menu align="end" byKeyboard={byKeyboard} button={children}>
      {workspace && (
        <>
          <DropdownMenuLabel>{t('nav.settings')}</DropdownMenuLabel>
          {OFTEN_SET.map((place) => (
            <DropdownMenuItem key={place.to} onSelect={() => void navigate({ to: place.to })}>
              <place.icon aria-hidden />
              {t(place.name)}
            </DropdownMenuItem>
          ))}
          <DropdownMenuSeparator />
        </>
      )}
      <DropdownMenuLabel>{t('shell.theme')}</DropdownMenuLabel>
      <DropdownMenuRadioGroup value={theme} onValueChange={(next) => choose(next as Theme)}>
        {THEMES.map((one) => (
          <DropdownMenuRadioItem key={one} value={one}>
            {t(`theme.${one}`)}
          </DropdownMenuRadioItem>
        ))}
      </DropdownMenuRadioGroup>
      <DropdownMenuSeparator />
      <DropdownMenuLabel>{t('shell.language')}</DropdownMenuLabel>
      <DropdownMenuRadioGroup value={i18n.language} onValueChange={(next) => void speak(next as Language)}>
        {Object.entries(LANGUAGES).map(([code, name]) => (
          <DropdownMenuRadioItem key={code} value={code} lang={code}>
            {name}
          </DropdownMenuRadioItem>
        ))}
      </DropdownMenuRadioGroup>
    </Menu>
  );
}

export function UserMenu({ children, byKeyboard }: LateProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const me = useMe();
  const leave = useAct(() => logOut('/api/v1/auth/logout'));
  return (
    <Menu align="end" byKeyboard={byKeyboard} button={children}>
      <DropdownMenuLabel>
        <span className="block text-sm text-foreground">{me?.name}</span>
        <span className="font-normal">{me?.email}</span>
      </DropdownMenuLabel>
      <DropdownMenuSeparator />
      <DropdownMenuItem onSelect={() => void navigate({ to: '/profile' })}>
        <CircleUserIcon aria-hidden />
        {t('nav.profile')}
      </DropdownMenuItem>
      <DropdownMenuItem onSelect={() => leave.mutate(undefined)}>
        <LogOutIcon className="rtl:rotate-180" aria-hidden />
        {t('shell.logOut')}
      </DropdownMenuItem>
    </Menu>
  );
}
