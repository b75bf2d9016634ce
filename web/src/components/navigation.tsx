// The pages of the app, and the menu of them.

import { Link, useLocation, type LinkProps } from '@tanstack/react-router';
import {
  ActivityIcon,
  BookOpenIcon,
  BotIcon,
  BoxIcon,
  Building2Icon,
  CalendarClockIcon,
  CalendarIcon,
  ChartColumnIcon,
  CoinsIcon,
  CreditCardIcon,
  KeyRoundIcon,
  FileCheckIcon,
  FileDownIcon,
  FileTextIcon,
  GiftIcon,
  InboxIcon,
  LayoutDashboardIcon,
  LifeBuoyIcon,
  ListIcon,
  MegaphoneIcon,
  MessageSquareQuoteIcon,
  NewspaperIcon,
  PackageIcon,
  ReceiptTextIcon,
  RepeatIcon,
  ScrollTextIcon,
  Share2Icon,
  StarIcon,
  TargetIcon,
  UserCogIcon,
  PlugIcon,
  SettingsIcon,
  SlidersHorizontalIcon,
  ShoppingCartIcon,
  UsersIcon,
  UsersRoundIcon,
  WalletIcon,
  WebhookIcon,
  WorkflowIcon,
  WrenchIcon,
  type LucideIcon,
} from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useIs, useMe, useWorkspaceId } from '@/lib/queries';

interface Place {
  to: LinkProps['to'];
  name: string;
  icon: LucideIcon;
  needs?: 'admin';
  /** The pages below it have places of their own. */
  exact?: boolean;
}

interface Group {
  name: string;
  places: Place[];
}

const GROUPS: Group[] = [
  {
    name: 'nav.start',
    places: [
      { to: '/dashboard', name: 'nav.dashboard', icon: LayoutDashboardIcon },
      { to: '/inbox', name: 'nav.inbox', icon: InboxIcon },
      { to: '/schedules', name: 'nav.schedules', icon: CalendarClockIcon },
    ],
  },
  {
    name: 'nav.talk',
    places: [
      { to: '/contacts', name: 'nav.contacts', icon: UsersIcon },
      { to: '/tickets', name: 'nav.tickets', icon: LifeBuoyIcon },
      { to: '/feedback', name: 'nav.feedback', icon: StarIcon },
      { to: '/segments', name: 'nav.segments', icon: UsersRoundIcon },
      { to: '/campaigns', name: 'nav.campaigns', icon: MegaphoneIcon },
      { to: '/marketing', name: 'nav.marketing', icon: TargetIcon },
      { to: '/automations', name: 'nav.automations', icon: WorkflowIcon },
      { to: '/templates', name: 'nav.templates', icon: FileTextIcon },
      { to: '/canned-replies', name: 'nav.canned', icon: MessageSquareQuoteIcon },
      { to: '/news', name: 'nav.news', icon: NewspaperIcon },
      { to: '/social', name: 'nav.social', icon: Share2Icon },
    ],
  },
  {
    name: 'nav.sell',
    places: [
      { to: '/orders', name: 'nav.orders', icon: ShoppingCartIcon },
      { to: '/products', name: 'nav.products', icon: BoxIcon },
      { to: '/categories', name: 'nav.categories', icon: PackageIcon },
      { to: '/bookings', name: 'nav.bookings', icon: CalendarIcon },
      { to: '/services', name: 'nav.services', icon: WrenchIcon },
      { to: '/subscriptions', name: 'nav.subscriptions', icon: RepeatIcon },
      { to: '/payments', name: 'nav.payments', icon: CreditCardIcon },
      { to: '/invoices', name: 'nav.invoices', icon: FileCheckIcon },
      { to: '/loyalty', name: 'nav.loyalty', icon: GiftIcon },
    ],
  },
  {
    name: 'nav.assistant',
    places: [
      { to: '/menu', name: 'nav.menu', icon: ListIcon },
      { to: '/prompts', name: 'nav.prompts', icon: BotIcon },
      { to: '/knowledge', name: 'nav.knowledge', icon: BookOpenIcon },
      { to: '/ai-costs', name: 'nav.aiCosts', icon: CoinsIcon, needs: 'admin' },
    ],
  },
  {
    name: 'nav.settings',
    places: [
      { to: '/channels', name: 'nav.channels', icon: PlugIcon },
      { to: '/members', name: 'nav.members', icon: UserCogIcon },
      { to: '/api-keys', name: 'nav.apiKeys', icon: KeyRoundIcon, needs: 'admin' },
      { to: '/endpoints', name: 'nav.endpoints', icon: WebhookIcon, needs: 'admin' },
      { to: '/usage', name: 'nav.usage', icon: ReceiptTextIcon, needs: 'admin' },
      { to: '/credits', name: 'nav.credits', icon: WalletIcon, needs: 'admin' },
      { to: '/exports', name: 'nav.exports', icon: FileDownIcon, needs: 'admin' },
      { to: '/audit', name: 'nav.audit', icon: ScrollTextIcon, needs: 'admin' },
      { to: '/settings', name: 'nav.workspace', icon: SettingsIcon },
    ],
  },
];

/** The pages of the platform's staff, which are of no workspace. */
const OF_STAFF: Group = {
  name: 'nav.platform',
  places: [
    { to: '/staff', name: 'nav.staffOverview', icon: ChartColumnIcon, exact: true },
    { to: '/staff/workspaces', name: 'nav.staffWorkspaces', icon: Building2Icon },
    { to: '/staff/users', name: 'nav.staffUsers', icon: UsersIcon },
    { to: '/ops', name: 'nav.ops', icon: ActivityIcon },
    { to: '/staff/packs', name: 'nav.staffPacks', icon: WalletIcon },
    { to: '/staff/settings', name: 'nav.staffSettings', icon: SlidersHorizontalIcon },
    { to: '/staff/log', name: 'nav.staffLog', icon: ScrollTextIcon },
  ],
};

/** Pages of admins, of which the menu does not name the first. */
export const OF_ADMINS = [
  '/campaigns/new',
  '/automations/new',
  '/imports/new',
  ...GROUPS.flatMap(({ places }) => places.filter(({ needs }) => needs).map(({ to }) => String(to))),
];

/** What the menu of the settings names too. */
export const OFTEN_SET = GROUPS.flatMap(({ places }) => places).filter(({ to }) =>
  ['/members', '/categories', '/channels', '/settings'].includes(String(to)),
);

function Places({ title, places }: { title: string; places: Place[] }) {
  const { t } = useTranslation();
  return (
    <div>
      <h2 className="px-3 pb-2 text-xs font-semibold text-muted-foreground">{title}</h2>
      <ul className="grid gap-1">
        {places.map((place) => (
          <li key={place.to}>
            <Link
              to={place.to}
              activeOptions={{ includeSearch: false, exact: place.exact }}
              className="flex h-10 items-center gap-3 rounded-md px-3 text-sm font-medium transition-colors"
              activeProps={{ className: 'bg-primary text-primary-foreground' }}
              inactiveProps={{ className: 'hover:bg-muted' }}
            >
              <place.icon className="size-5 shrink-0" aria-hidden />
              {t(place.name)}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Navigation() {
  const { t } = useTranslation();
  const isAdmin = useIs('admin');
  const groups = useWorkspaceId() ? GROUPS : [];
  const isStaff = useMe()?.is_staff;
  const menu = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // The menu is longer than most screens: the place of the page comes into sight.
  useEffect(() => {
    menu.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest' });
  }, [pathname, groups.length, isAdmin, isStaff]);
  return (
    <nav ref={menu} aria-label={t('nav.label')} className="grid gap-6 p-4">
      {[...groups, ...(isStaff ? [OF_STAFF] : [])].map((group) => (
        <Places
          key={group.name}
          title={t(group.name)}
          places={group.places.filter((place) => place.needs !== 'admin' || isAdmin)}
        />
      ))}
    </nav>
  );
}
