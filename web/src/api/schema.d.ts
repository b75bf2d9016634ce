// Made by `npm run api`. Do not change it by hand.

export interface paths {
    "/api/v1/ai/budget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the monthly budget, and what is spent of it.
         * @description Needs `ai_costs.read`: admin and above.
         */
        get: operations["ai_costs_budget"];
        /**
         * Sets the monthly budget.
         * @description Admins are notified when 80 % of it is spent, and when all of it is spent, each once a month and limit. Then `at_limit` says who
         *     answers questions. Calls that run at that moment still end, so a little more can be spent. With `cheaper` the last of the
         *     prompt's models goes on to cost money.
         *
         *     Needs `ai_budget.write`: admin and above.
         */
        put: operations["ai_costs_set_budget"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the calls of models, newest first.
         * @description Needs `ai_costs.read`: admin and above.
         */
        get: operations["ai_costs_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/calls/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a call with the passages that the model was given.
         * @description Each passage has its places in the lists that were fused, by words and by letters, and what they are worth.
         *
         *     Needs `ai_costs.read`: admin and above.
         */
        get: operations["ai_costs_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ai/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sums the calls by day, purpose, model, and by what one call cost.
         * @description Needs `ai_costs.read`: admin and above.
         */
        get: operations["ai_costs_usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the figures of each day.
         * @description Needs `analytics.read`: viewer and above.
         */
        get: operations["analytics_overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/analytics/recent-activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists what has happened last: new contacts, products, orders, payments and tickets.
         * @description Needs `analytics.read`: viewer and above.
         */
        get: operations["analytics_recent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the keys, newest first, including those that have ended.
         * @description Needs `api_keys.manage`: admin and above, with a fresh second factor where one is set up.
         */
        get: operations["api_keys_list"];
        put?: never;
        /**
         * Creates a key. Its scopes are permissions that the caller has.
         * @description Needs `api_keys.manage`: admin and above, with a fresh second factor where one is set up.
         */
        post: operations["api_keys_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Ends a key. A repeated call changes nothing.
         * @description Needs `api_keys.manage`: admin and above, with a fresh second factor where one is set up.
         */
        delete: operations["api_keys_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the records, newest first.
         * @description Needs `audit.read`: admin and above.
         */
        get: operations["audit_log_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Changes the password. All other sessions end. */
        post: operations["auth_change_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/forgot-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a code for setting a new password. The answer is always the same. */
        post: operations["auth_forgot_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Logs in with a password. */
        post: operations["auth_log_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Finishes a log-in with the second factor. */
        post: operations["auth_log_in_totp"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends the session of this call. */
        post: operations["sessions_log_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends all sessions of the user, including this one. */
        post: operations["sessions_log_out_everywhere"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Creates ten new recovery codes. The earlier ones end. */
        post: operations["second_factor_renew_recovery_codes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchanges a refresh token for new tokens.
         * @description A refresh token is good once. For ten seconds the same answer is given again, because it may have been lost. Later,
         *     a used token means that somebody has a copy, so the session ends.
         */
        post: operations["sessions_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Registers a user.
         * @description The answer is always the same. The address gets a code by e-mail, or, if it has an account already, a letter that
         *     says so.
         */
        post: operations["auth_register"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sets a new password with the code. All sessions end. */
        post: operations["auth_reset_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the open sessions, newest first. */
        get: operations["sessions_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends a session, for example of another device. Its tokens are refused from now on. */
        delete: operations["sessions_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/step-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Shows the second factor again. For ten minutes, this session may make calls that need a fresh one. */
        post: operations["second_factor_step_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begins to set up an authenticator. It counts after a code of it is confirmed. */
        post: operations["second_factor_enrol"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirms the new authenticator with a code of it. From now on log-ins need one. */
        post: operations["second_factor_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/totp/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Removes the authenticator and the recovery codes. */
        post: operations["second_factor_disable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/verify-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Proves an e-mail address with its code, and logs in. */
        post: operations["auth_verify_email"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/verify-email/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends another code for an e-mail address. The answer is always the same. */
        post: operations["auth_send_again"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/verify-phone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Proves the user's phone with its code. */
        post: operations["me_verify_phone"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/verify-phone/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a code to the user's phone, over WhatsApp. */
        post: operations["me_send_phone_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists bookings by their beginnings.
         * @description Needs `bookings.read`: viewer and above.
         */
        get: operations["bookings_list"];
        put?: never;
        /**
         * Makes a booking. The customer is reminded as the offering says.
         * @description Needs `bookings.write`: agent and above.
         */
        post: operations["bookings_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a booking.
         * @description Needs `bookings.read`: viewer and above.
         */
        get: operations["bookings_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancels a booking. Its time is free again, and no reminder is sent.
         * @description Needs `bookings.write`: agent and above.
         */
        post: operations["bookings_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Marks a booking as completed.
         * @description Needs `bookings.write`: agent and above.
         */
        post: operations["bookings_complete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Marks a booking as confirmed by the customer.
         * @description Needs `bookings.write`: agent and above.
         */
        post: operations["bookings_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{id}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Moves a booking to another time, and perhaps to other staff of the same offering.
         * @description The reminders move with it, and the customer must confirm the new time again.
         *
         *     Needs `bookings.write`: agent and above.
         */
        post: operations["bookings_move_to"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{id}/no-show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Marks a booking as a no-show.
         * @description Two hours after the end of a booking, Kazi does it: a confirmed booking becomes completed, others become a no-show.
         *
         *     Needs `bookings.write`: agent and above.
         */
        post: operations["bookings_no_show"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/canned-replies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the canned replies by their codes.
         * @description Needs `conversations.read`: viewer and above.
         */
        get: operations["canned_replies_list"];
        put?: never;
        /**
         * Creates a canned reply.
         * @description Needs `conversations.write`: agent and above.
         */
        post: operations["canned_replies_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/canned-replies/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a canned reply.
         * @description Needs `conversations.read`: viewer and above.
         */
        get: operations["canned_replies_get"];
        put?: never;
        post?: never;
        /**
         * Deletes a canned reply.
         * @description Needs `conversations.write`: agent and above.
         */
        delete: operations["canned_replies_delete"];
        options?: never;
        head?: never;
        /**
         * Changes a canned reply. Fields that are left out stay.
         * @description Needs `conversations.write`: agent and above.
         */
        patch: operations["canned_replies_update"];
        trace?: never;
    };
    "/api/v1/carts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists carts, newest first.
         * @description Needs `orders.read`: viewer and above.
         */
        get: operations["carts_list"];
        put?: never;
        /**
         * Opens a contact's cart, or shows the open one.
         * @description Needs `orders.write`: agent and above.
         */
        post: operations["carts_open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/carts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a cart.
         * @description Needs `orders.read`: viewer and above.
         */
        get: operations["carts_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/carts/{id}/items/{product_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Sets the pieces of a product in an open cart.
         * @description Needs `orders.write`: agent and above.
         */
        put: operations["carts_set_quantity"];
        post?: never;
        /**
         * Removes a product from an open cart.
         * @description Needs `orders.write`: agent and above.
         */
        delete: operations["carts_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/categories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the categories in their order.
         * @description Needs `catalog.read`: viewer and above.
         */
        get: operations["categories_list"];
        put?: never;
        /**
         * Creates a category.
         * @description Needs `catalog.write`: admin and above.
         */
        post: operations["categories_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/categories/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a category.
         * @description Needs `catalog.read`: viewer and above.
         */
        get: operations["categories_get"];
        put?: never;
        post?: never;
        /**
         * Deletes a category without products.
         * @description Needs `catalog.write`: admin and above.
         */
        delete: operations["categories_delete"];
        options?: never;
        head?: never;
        /**
         * Changes a category. Fields that are left out stay.
         * @description Needs `catalog.write`: admin and above.
         */
        patch: operations["categories_update"];
        trace?: never;
    };
    "/api/v1/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the channels, oldest first.
         * @description Needs `channels.read`: viewer and above.
         */
        get: operations["channels_list"];
        put?: never;
        /**
         * Connects a number of Meta's Cloud API, or an instance of Green API.
         * @description The provider is asked soon whether the channel works. `setup` shows the values for its dashboard.
         *
         *     Needs `channels.manage`: admin and above.
         */
        post: operations["channels_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a channel.
         * @description Needs `channels.read`: viewer and above.
         */
        get: operations["channels_get"];
        put?: never;
        post?: never;
        /**
         * Disconnects a channel and deletes its secrets. Its conversations stay.
         * @description Needs `channels.manage`: admin and above.
         */
        delete: operations["channels_delete"];
        options?: never;
        head?: never;
        /**
         * Renames a channel.
         * @description Needs `channels.manage`: admin and above.
         */
        patch: operations["channels_rename"];
        trace?: never;
    };
    "/api/v1/channels/{id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Asks the provider whether a channel works. A channel that it refuses is paused, and the admins are notified.
         * @description Needs `channels.manage`: admin and above.
         */
        post: operations["channels_check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pauses a channel. Its messages wait. Inbound messages still arrive.
         * @description Needs `channels.manage`: admin and above.
         */
        post: operations["channels_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{id}/rate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Sets the rate of a channel.
         * @description Needs `channels.manage`: admin and above.
         */
        put: operations["channels_set_rate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lets a paused channel send again.
         * @description Needs `channels.manage`: admin and above.
         */
        post: operations["channels_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{id}/rotate-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replaces the token of a channel after the provider has accepted it.
         * @description Needs `channels.manage`: admin and above.
         */
        post: operations["channels_rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/channels/{id}/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the values for the provider's dashboard: the webhook's address and its token. The audit log records the call.
         * @description Needs `secrets.reveal`: admin and above, with a fresh second factor where one is set up.
         */
        get: operations["channels_setup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contact-fields": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists all custom fields by key, at most 50.
         * @description Needs `contacts.read`: viewer and above.
         */
        get: operations["contact_fields_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contact-fields/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Creates a custom field, or changes its label and choices.
         * @description A key has at most 40 small letters, digits and underscores, and begins with a letter. Contacts keep a choice that
         *     was removed until somebody changes it.
         *
         *     Needs `workspace.write`: admin and above.
         */
        put: operations["contact_fields_declare"];
        post?: never;
        /**
         * Deletes a custom field, and its values of all contacts.
         * @description With very many values the answer may be 503. Send the call again: it goes on.
         *
         *     Needs `workspace.write`: admin and above.
         */
        delete: operations["contact_fields_drop_field"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists contacts.
         * @description Needs `contacts.read`: viewer and above.
         */
        get: operations["contacts_list"];
        put?: never;
        /**
         * Creates a contact.
         * @description A deleted contact with this phone comes back, with its consents and withdrawals.
         *
         *     Needs `contacts.write`: agent and above.
         */
        post: operations["contacts_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Exports the contacts of a filter as CSV, oldest first.
         * @description A contact that is created or deleted during the export may be in it or not, but never twice. A cell that a
         *     spreadsheet would run as a formula begins with a `'`; an import removes it. A file whose transfer breaks off is
         *     incomplete.
         *
         *     Needs `contacts.export`: admin and above.
         */
        get: operations["exports_contacts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/retag": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Adds tags to many contacts and removes others. Unknown contacts are skipped.
         * @description Needs `contacts.write`: agent and above.
         */
        post: operations["contacts_retag"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Searches contacts, best match first.
         * @description Case, accents and the form of a number do not matter. A word of one or two letters matches only the beginnings of
         *     words.
         *
         *     Needs `contacts.read`: viewer and above.
         */
        get: operations["contacts_search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a contact.
         * @description Needs `contacts.read`: viewer and above.
         */
        get: operations["contacts_get"];
        put?: never;
        post?: never;
        /**
         * Deletes a contact.
         * @description For 30 days, a message, an import or a new contact with the same phone brings it back. Then it is erased.
         *
         *     Needs `contacts.delete`: admin and above.
         */
        delete: operations["contacts_delete"];
        options?: never;
        head?: never;
        /**
         * Changes a contact. Fields that are left out stay, and `null` empties a field.
         * @description Needs `contacts.write`: agent and above.
         */
        patch: operations["contacts_update"];
        trace?: never;
    };
    "/api/v1/contacts/{id}/block": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Blocks a contact. It gets no more messages.
         * @description Needs `contacts.write`: agent and above.
         */
        post: operations["contacts_block"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/consents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the consents and withdrawals of a contact, newest first.
         * @description Needs `contacts.read`: viewer and above.
         */
        get: operations["consents_list"];
        put?: never;
        /**
         * Stores a contact's consent to marketing, or its withdrawal. A repeated call changes nothing.
         * @description Needs `contacts.write`: agent and above.
         */
        post: operations["consents_set"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/duplicates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows contacts who may be the same person.
         * @description They have the same e-mail address or name, or the same last nine digits of the phone. At most 20.
         *
         *     Needs `contacts.read`: viewer and above.
         */
        get: operations["contacts_duplicates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erases all personal data of a contact, for good.
         * @description This includes the contact, its names on channels, its messages, and the personal data in the audit log.
         *
         *     Needs `contacts.delete`: admin and above.
         */
        post: operations["personal_data_erase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Merges a contact into another one of the same person.
         * @description Where both have a value, the other's stays. If one of them wants no marketing or is blocked, so is the result. The
         *     conversations, messages, identities and consents go to the other contact; this one is deleted.
         *
         *     Needs `contacts.delete`: admin and above.
         */
        post: operations["contacts_merge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/personal-data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Exports all data of a contact.
         * @description Needs `contacts.export`: admin and above.
         */
        get: operations["personal_data_personal_data"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Replaces the tags of a contact.
         * @description Needs `contacts.write`: agent and above.
         */
        put: operations["contacts_set_tags"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/contacts/{id}/unblock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Unblocks a contact.
         * @description Needs `contacts.write`: agent and above.
         */
        post: operations["contacts_unblock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the conversations, with the newest activity first.
         * @description Needs `conversations.read`: viewer and above.
         */
        get: operations["conversations_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a conversation.
         * @description Needs `conversations.read`: viewer and above.
         */
        get: operations["conversations_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/assign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Assigns a conversation to a member, who is told of it, or to nobody.
         * @description Needs `conversations.write`: agent and above.
         */
        post: operations["conversations_assign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Closes a conversation. The customer's next message begins a new one.
         * @description Needs `conversations.write`: agent and above.
         */
        post: operations["conversations_close"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/hand-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives a conversation back to the bot, which answers the customer's next message.
         * @description Needs `conversations.write`: agent and above.
         */
        post: operations["conversations_hand_back"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the messages of a conversation, newest first.
         * @description Needs `conversations.read`: viewer and above.
         */
        get: operations["messages_list"];
        put?: never;
        /**
         * Sends the customer a text, a file, a product or a template. The bot is silent from then on.
         * @description All but a template reach a customer who has written within the last 24 hours; later only an approved template does so. Nobody's
         *     conversation becomes that of the member who answers.
         *
         *     Needs `conversations.write`: agent and above.
         */
        post: operations["messages_send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the notes of a conversation, newest first.
         * @description Needs `conversations.read`: viewer and above.
         */
        get: operations["notes_list"];
        put?: never;
        /**
         * Writes a note.
         * @description Needs `conversations.write`: agent and above.
         */
        post: operations["notes_write"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Marks what the customer wrote as read, here and on the customer's phone.
         * @description Needs `conversations.write`: agent and above.
         */
        post: operations["conversations_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Opens a closed conversation again. The bot answers.
         * @description Needs `conversations.write`: agent and above.
         */
        post: operations["conversations_reopen"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/snooze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Puts a conversation aside until a time, or until the customer writes.
         * @description The assignee is told when the time has come; where there is none, all who may answer.
         *
         *     Needs `conversations.write`: agent and above.
         */
        post: operations["conversations_snooze"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/conversations/{id}/typing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Shows the customer for some seconds that a member writes an answer.
         * @description Needs `conversations.write`: agent and above.
         */
        post: operations["conversations_typing"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/bookings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists your bookings by their beginnings. */
        get: operations["customer_bookings_list"];
        put?: never;
        /** Makes a booking for you. */
        post: operations["customer_bookings_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/bookings/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancels your booking. */
        post: operations["customer_bookings_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/bookings/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirms that you will come. */
        post: operations["customer_bookings_confirm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/bookings/{id}/move": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Moves your booking. */
        post: operations["customer_bookings_move_to"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/cart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows your cart. It is created if there is none. */
        get: operations["customer_orders_cart"];
        put?: never;
        post?: never;
        /** Empties your cart. */
        delete: operations["customer_orders_clear"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/cart/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds pieces of a product to your cart. */
        post: operations["customer_orders_add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/cart/items/{product_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Sets the pieces of a product in your cart. */
        put: operations["customer_orders_set_quantity"];
        post?: never;
        /** Removes a product from your cart. */
        delete: operations["customer_orders_remove"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a code over WhatsApp. The answer is always the same. */
        post: operations["customer_log_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends the session that calls. */
        post: operations["customer_log_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows the customer who calls. */
        get: operations["customer_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/offerings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the offerings that can be booked. */
        get: operations["customer_bookings_offerings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists your orders, newest first. */
        get: operations["customer_orders_list"];
        put?: never;
        /** Orders your cart as it was shown to you. The payment link is soon in the order, and comes over WhatsApp. */
        post: operations["customer_orders_place"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows one of your orders. */
        get: operations["customer_orders_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/orders/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancels one of your unpaid orders. */
        post: operations["customer_orders_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the plans that you can subscribe to. */
        get: operations["subscriptions_own_plans"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Exchanges a customer's refresh token for new tokens. */
        post: operations["customer_refresh"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/slots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the free slots by time, at most 1,000. */
        get: operations["customer_bookings_slots"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists your subscriptions, newest first. */
        get: operations["subscriptions_own"];
        put?: never;
        /** Subscribes you to a plan. You get a payment link. */
        post: operations["subscriptions_subscribe"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/subscriptions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows one of your subscriptions, with what you need to use the service. */
        get: operations["subscriptions_own_one"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/subscriptions/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancels your subscription, at once or at the end of its paid time. */
        post: operations["subscriptions_cancel_own"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/subscriptions/{id}/renew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Requests the payment of your next period. You get the link. */
        post: operations["subscriptions_renew_own"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists your tickets, newest first. */
        get: operations["customer_support_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/tickets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows one of your tickets. */
        get: operations["customer_support_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/customer/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Logs a customer in with a code. */
        post: operations["customer_verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dashboard/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the figures of a day, week, month or year.
         * @description They count up to and including `date`, and are compared with as many days of the period before.
         *
         *     Needs `analytics.read`: viewer and above.
         */
        get: operations["analytics_stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the endpoints, oldest first.
         * @description Needs `endpoints.read`: admin and above.
         */
        get: operations["endpoints_list"];
        put?: never;
        /**
         * Adds an endpoint.
         * @description It gets the events of its types from now on. The secret is shown this once.
         *
         *     Needs `endpoints.write`: admin and above.
         */
        post: operations["endpoints_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the deliveries of the last 30 days, newest first.
         * @description Needs `endpoints.read`: admin and above.
         */
        get: operations["endpoint_deliveries_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a delivery with its body and its attempts.
         * @description Needs `endpoints.read`: admin and above.
         */
        get: operations["endpoint_deliveries_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints/deliveries/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delivers an event again, also one that was taken. It has the same `webhook-id`.
         * @description Needs `endpoints.write`: admin and above.
         */
        post: operations["endpoint_deliveries_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints/event-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the types of events, each with an example.
         * @description Needs `endpoints.read`: admin and above.
         */
        get: operations["endpoints_event_types"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows an endpoint.
         * @description Needs `endpoints.read`: admin and above.
         */
        get: operations["endpoints_get"];
        put?: never;
        post?: never;
        /**
         * Deletes an endpoint. What is still on its way to it is not delivered.
         * @description Needs `endpoints.write`: admin and above.
         */
        delete: operations["endpoints_delete"];
        options?: never;
        head?: never;
        /**
         * Changes an endpoint. Fields that are left out stay.
         * @description Needs `endpoints.write`: admin and above.
         */
        patch: operations["endpoints_update"];
        trace?: never;
    };
    "/api/v1/endpoints/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delivers all events since a time again that an endpoint did not take, in their order.
         * @description Needs `endpoints.write`: admin and above.
         */
        post: operations["endpoints_replay_failed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints/{id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives an endpoint a new secret, which is shown this once. For 24 hours the old one signs too.
         * @description Needs `endpoints.write`: admin and above.
         */
        post: operations["endpoints_rotate_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/endpoints/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends an example to an endpoint. Its body has `"test": true`.
         * @description Needs `endpoints.write`: admin and above.
         */
        post: operations["endpoints_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Streams what happens in the workspace, as `text/event-stream`.
         * @description An event's name is its kind, and its data is JSON. The event `begun` says that the stream has begun, and `reset` that
         *     the client was away for too long and must read everything again. A comment comes every 15 seconds when there is nothing
         *     else. The stream ends after five minutes, and when the client reads too slowly: come back with the header
         *     `Last-Event-ID`. An event may come twice, with the same `id` in its data. Messages of campaigns have no events.
         *
         *     Needs `events.read`: viewer and above.
         */
        get: operations["events_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists imports, newest first.
         * @description Needs `contacts.import`: admin and above.
         */
        get: operations["imports_list"];
        put?: never;
        /**
         * Imports a file of contacts: CSV, XLSX, ODS or vCard, up to 20 MiB and 500,000 rows.
         * @description The body is the file. The import runs after the answer; read it for its progress. The file's kind, encoding and
         *     delimiter are recognised from its content, and `read_as` names them. Exports of Google Contacts and Outlook are
         *     recognised by their headers. The header may stand below titles, within the first ten rows. Of several sheets Kazi reads
         *     the first that has a header. Of several phones Kazi takes the first valid one: columns for WhatsApp come first, then
         *     mobile phones, other phones, and phones at home and at work. It ignores the other phones.
         *
         *     Needs `contacts.import`: admin and above.
         */
        post: operations["imports_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows an import and its progress.
         * @description Needs `contacts.import`: admin and above.
         */
        get: operations["imports_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stops an import. Imported contacts stay. An import that has ended stays as it is.
         * @description Needs `contacts.import`: admin and above.
         */
        post: operations["imports_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}/faults": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the rows that were not imported, in the file's order, each with its first violation. Rows with `imported: true`
         *     were imported, without the value or over an earlier row with the same phone: where both have a value, the later counts.
         * @description Needs `contacts.import`: admin and above.
         */
        get: operations["imports_faults"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the invitations, newest first.
         * @description Needs `members.read`: viewer and above.
         */
        get: operations["invitations_list"];
        put?: never;
        /**
         * Invites a person by e-mail. The invitation is good for seven days.
         * @description Needs `members.manage`: admin and above.
         */
        post: operations["invitations_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accepts an invitation. The user's e-mail address must be the invited one, and be proven. */
        post: operations["invitations_accept"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/decline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Declines an invitation. */
        post: operations["invitations_decline"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/look-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Shows what an invitation is for. */
        post: operations["invitations_look_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revokes an open invitation.
         * @description Needs `members.manage`: admin and above.
         */
        delete: operations["invitations_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations/{id}/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends an open invitation again, for another seven days. The token of the earlier letter ends.
         * @description Needs `members.manage`: admin and above.
         */
        post: operations["invitations_resend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the documents, newest first.
         * @description Needs `prompts.read`: viewer and above.
         */
        get: operations["knowledge_list"];
        put?: never;
        /**
         * Adds a document. The model uses it from the next question on.
         * @description Needs `prompts.write`: admin and above.
         */
        post: operations["knowledge_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge/pages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Adds a page of the web. It is read after the answer.
         * @description `state` says how far it is, and `failure` why it failed. The page must be text/html or text/plain and have at most 2 MiB.
         *     Kazi follows three redirects at most, and none to a host that is not public.
         *
         *     Needs `prompts.write`: admin and above.
         */
        post: operations["knowledge_create_page"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge/pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Adds the text of a PDF, up to 10 MiB and 300 pages. The body is the file.
         * @description A file that is encrypted, damaged, or has only pictures of a text is refused, and the problem says which.
         *
         *     Needs `prompts.write`: admin and above.
         */
        post: operations["knowledge_create_pdf"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a document with its text.
         * @description Needs `prompts.read`: viewer and above.
         */
        get: operations["knowledge_get"];
        /**
         * Replaces a document, for example with a newer file.
         * @description Needs `prompts.write`: admin and above.
         */
        put: operations["knowledge_replace"];
        post?: never;
        /**
         * Deletes a document.
         * @description Needs `prompts.write`: admin and above.
         */
        delete: operations["knowledge_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge/{id}/fetch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reads the page of a document once more. What was read before is used meanwhile.
         * @description Needs `prompts.write`: admin and above.
         */
        post: operations["knowledge_fetch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/knowledge/{id}/pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Replaces a document by the text of a PDF, for example of a newer price list. The body is the file.
         * @description Needs `prompts.write`: admin and above.
         */
        put: operations["knowledge_replace_pdf"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger-balances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the sum of each account of the books in each currency.
         * @description Needs `payments.read`: viewer and above.
         */
        get: operations["payments_balances"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ledger-entries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the ledger's entries, newest first.
         * @description Needs `payments.read`: viewer and above.
         */
        get: operations["payments_entries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows the user who calls. */
        get: operations["me_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Changes the user. Fields that are left out stay. A new phone must be proven. */
        patch: operations["me_update"];
        trace?: never;
    };
    "/api/v1/me/workspace": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Activates another workspace and returns a new access token.
         * @description Name the workspace at the next refresh too.
         */
        post: operations["me_switch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stores a file, for sending it.
         * @description The file's own type must be what its first bytes show. WhatsApp takes at most 5 MB of an image, 16 MB of a video or a
         *     recording, 500 kB of a sticker (image/webp), and 100 MB of anything else.
         *
         *     Needs `conversations.write`: agent and above.
         */
        post: operations["media_upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows what is known of a file, and whether it is here.
         * @description Needs `conversations.read`: viewer and above.
         */
        get: operations["media_get"];
        put?: never;
        post?: never;
        /**
         * Deletes a file. What is known of it stays.
         * @description Needs `conversations.write`: agent and above.
         */
        delete: operations["media_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/media/{id}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a link to a file.
         * @description The link lives for ten minutes and needs no log-in: a browser can show it. A file that a browser must not show by itself
         *     is saved.
         *
         *     Needs `conversations.read`: viewer and above.
         */
        post: operations["media_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the members.
         * @description Needs `members.read`: viewer and above.
         */
        get: operations["members_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Removes a member from the workspace at once. Open invitations that the member has sent are revoked.
         * @description Needs `members.manage`: admin and above.
         */
        delete: operations["members_remove"];
        options?: never;
        head?: never;
        /**
         * Changes the role of a member. Nobody gives or takes a role above their own.
         * @description Needs `members.manage`: admin and above.
         */
        patch: operations["members_change_role"];
        trace?: never;
    };
    "/api/v1/members/{id}/reinstate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes a suspension back. The member has the same role as before.
         * @description Needs `members.manage`: admin and above.
         */
        post: operations["members_reinstate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/members/{id}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Suspends a member: they and the API keys that they made may do nothing here from now on.
         * @description What they saw to has no assignee, and the admins are told. Their log-in and their other workspaces stay.
         *
         *     Needs `members.manage`: admin and above.
         */
        post: operations["members_suspend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/menu-items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the items in the menu's order.
         * @description Needs `catalog.read`: viewer and above.
         */
        get: operations["menu_items_list"];
        put?: never;
        /**
         * Creates an item.
         * @description Needs `catalog.write`: admin and above.
         */
        post: operations["menu_items_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/menu-items/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the keys that open a part of the chat.
         * @description An item with any other key is a question: a model answers it from what is known of the business.
         *
         *     Needs `catalog.read`: viewer and above.
         */
        get: operations["menu_items_actions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/menu-items/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows an item.
         * @description Needs `catalog.read`: viewer and above.
         */
        get: operations["menu_items_get"];
        put?: never;
        post?: never;
        /**
         * Deletes an item.
         * @description Needs `catalog.write`: admin and above.
         */
        delete: operations["menu_items_delete"];
        options?: never;
        head?: never;
        /**
         * Changes an item. Fields that are left out stay.
         * @description Needs `catalog.write`: admin and above.
         */
        patch: operations["menu_items_update"];
        trace?: never;
    };
    "/api/v1/messages/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Searches the messages of the workspace, newest first. Those of campaigns are left out.
         * @description Needs `conversations.read`: viewer and above.
         */
        get: operations["messages_search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messaging/campaigns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the campaigns, newest first.
         * @description Needs `campaigns.read`: viewer and above.
         */
        get: operations["campaigns_list"];
        put?: never;
        /**
         * Creates a draft.
         * @description Needs `campaigns.write`: admin and above.
         */
        post: operations["campaigns_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messaging/campaigns/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a campaign, with the report of its planning.
         * @description Needs `campaigns.read`: viewer and above.
         */
        get: operations["campaigns_get"];
        put?: never;
        post?: never;
        /**
         * Deletes a campaign that never started.
         * @description Needs `campaigns.write`: admin and above.
         */
        delete: operations["campaigns_delete"];
        options?: never;
        head?: never;
        /**
         * Changes a campaign that has not started. Its recipients must be planned again.
         * @description Needs `campaigns.write`: admin and above.
         */
        patch: operations["campaigns_update"];
        trace?: never;
    };
    "/api/v1/messaging/campaigns/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancels a campaign. Messages that have not left are taken back.
         * @description Needs `campaigns.write`: admin and above.
         */
        post: operations["campaigns_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messaging/campaigns/{id}/funnel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Counts how far the messages of a campaign got.
         * @description Needs `campaigns.read`: viewer and above.
         */
        get: operations["campaigns_funnel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messaging/campaigns/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pauses a campaign. Messages that have not left are taken back.
         * @description Needs `campaigns.write`: admin and above.
         */
        post: operations["campaigns_pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messaging/campaigns/{id}/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Plans the recipients and freezes them. The campaign has its report when it is `planned`.
         * @description Needs `campaigns.write`: admin and above.
         */
        post: operations["campaigns_plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messaging/campaigns/{id}/recipients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists a campaign's recipients and the outcomes of their messages.
         * @description Needs `campaigns.read`: viewer and above.
         */
        get: operations["campaigns_recipients"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messaging/campaigns/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lets a paused campaign go on. Nobody gets it twice.
         * @description Needs `campaigns.send`: admin and above, with a fresh second factor where one is set up.
         */
        post: operations["campaigns_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messaging/campaigns/{id}/schedule": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sets a campaign's start time, in the workspace's time zone unless it has an offset. The campaign is planned now if
         *     needed.
         * @description Needs `campaigns.send`: admin and above, with a fresh second factor where one is set up.
         */
        post: operations["campaigns_schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messaging/campaigns/{id}/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends a campaign now, after planning it if needed. A second call sends nothing more.
         * @description Needs `campaigns.send`: admin and above, with a fresh second factor where one is set up.
         */
        post: operations["campaigns_send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messaging/campaigns/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends a campaign's message to one phone as a test.
         * @description Needs `campaigns.write`: admin and above.
         */
        post: operations["campaigns_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messaging/prices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the prices of messages, as the workspace has set them.
         * @description Needs `campaigns.read`: viewer and above.
         */
        get: operations["campaigns_prices"];
        /**
         * Replaces the prices of messages, by country and category. Reports of campaigns use them for estimates.
         * @description Needs `campaigns.write`: admin and above.
         */
        put: operations["campaigns_set_prices"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messaging/segments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the segments by name.
         * @description Needs `campaigns.read`: viewer and above.
         */
        get: operations["segments_list"];
        put?: never;
        /**
         * Creates a segment.
         * @description Needs `campaigns.write`: admin and above.
         */
        post: operations["segments_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messaging/segments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a segment.
         * @description Needs `campaigns.read`: viewer and above.
         */
        get: operations["segments_get"];
        /**
         * Replaces a segment. Planned campaigns keep their recipients.
         * @description Needs `campaigns.write`: admin and above.
         */
        put: operations["segments_update"];
        post?: never;
        /**
         * Deletes a segment that no campaign uses.
         * @description Needs `campaigns.write`: admin and above.
         */
        delete: operations["segments_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/messaging/segments/{id}/size": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Counts the contacts of a segment.
         * @description Needs `campaigns.read`: viewer and above.
         */
        get: operations["segments_size"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/news/articles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists articles, newest first.
         * @description Needs `news.read`: viewer and above.
         */
        get: operations["news_list"];
        put?: never;
        /**
         * Creates an article. Breaking news goes to all readers of its topics at once.
         * @description Needs `news.write`: admin and above.
         */
        post: operations["news_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/news/articles/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Creates up to 100 articles, all or none. Articles whose external id or address exists stay as they are.
         * @description Needs `news.write`: admin and above.
         */
        post: operations["news_create_many"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/news/articles/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows an article.
         * @description Needs `news.read`: viewer and above.
         */
        get: operations["news_get"];
        put?: never;
        post?: never;
        /**
         * Deletes an article. No reader gets it any more, and a feed that sends it again does not bring it back.
         * @description Needs `news.write`: admin and above.
         */
        delete: operations["news_delete"];
        options?: never;
        head?: never;
        /**
         * Changes an article. Fields that are left out stay. Readers who have got it do not get it again.
         * @description Needs `news.write`: admin and above.
         */
        patch: operations["news_update"];
        trace?: never;
    };
    "/api/v1/news/articles/{id}/break": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sends an article to all readers of its topics at once, and publishes it. A repeated call does nothing.
         * @description Needs `news.write`: admin and above.
         */
        post: operations["news_tell_now"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/news/digests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the digests of readers from the last 90 days, newest first.
         * @description Needs `news.read`: viewer and above.
         */
        get: operations["news_subscriptions_digests"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/news/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists subscriptions, newest first.
         * @description Needs `news.read`: viewer and above.
         */
        get: operations["news_subscriptions_list"];
        put?: never;
        /**
         * Subscribes a contact to topics.
         * @description Needs `news.write`: admin and above.
         */
        post: operations["news_subscriptions_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/news/subscriptions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a subscription.
         * @description Needs `news.read`: viewer and above.
         */
        get: operations["news_subscriptions_get"];
        put?: never;
        post?: never;
        /**
         * Deletes a subscription. Its reader gets no more news. After a new subscription, the reader does not get old articles
         *     again.
         * @description Needs `news.write`: admin and above.
         */
        delete: operations["news_subscriptions_delete"];
        options?: never;
        head?: never;
        /**
         * Changes a subscription. Fields that are left out stay.
         * @description Needs `news.write`: admin and above.
         */
        patch: operations["news_subscriptions_update"];
        trace?: never;
    };
    "/api/v1/news/topics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the topics of articles.
         * @description Needs `news.read`: viewer and above.
         */
        get: operations["news_topics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists your notifications, newest first. */
        get: operations["notifications_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Shows which kinds of notifications you get. */
        get: operations["notifications_preferences"];
        /** Sets whether you get notifications of a kind. */
        put: operations["notifications_set_preference"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/read-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Marks your notifications as read, up to the newest one that was shown. */
        post: operations["notifications_mark_all_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/unread-count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Counts your unread notifications. */
        get: operations["notifications_count_unread"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Marks one of your notifications as read. A repeated call changes nothing. */
        post: operations["notifications_mark_read"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/offerings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the offerings, the oldest first.
         * @description Needs `bookings.read`: viewer and above.
         */
        get: operations["offerings_list"];
        put?: never;
        /**
         * Creates an offering.
         * @description Needs `appointments.write`: admin and above.
         */
        post: operations["offerings_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/offerings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows an offering.
         * @description Needs `bookings.read`: viewer and above.
         */
        get: operations["offerings_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes an offering. Fields that are left out stay. Existing bookings keep their length, price and reminders.
         * @description Needs `appointments.write`: admin and above.
         */
        patch: operations["offerings_update"];
        trace?: never;
    };
    "/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists orders, newest first.
         * @description Needs `orders.read`: viewer and above.
         */
        get: operations["orders_list"];
        put?: never;
        /**
         * Places an order for a contact, who gets the payment link over their channel.
         * @description Needs `orders.write`: agent and above.
         */
        post: operations["orders_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows an order.
         * @description Needs `orders.read`: viewer and above.
         */
        get: operations["orders_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancels an unpaid order. A paid order is refunded with its payment.
         * @description Needs `orders.write`: agent and above.
         */
        post: operations["orders_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/deliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Marks an order as delivered.
         * @description Needs `orders.write`: agent and above.
         */
        post: operations["orders_deliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/fulfil": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Marks a paid order as packed, or ready to be fetched.
         * @description Needs `orders.write`: agent and above.
         */
        post: operations["orders_fulfil"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders/{id}/ship": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Marks a paid order as given to a carrier.
         * @description Needs `orders.write`: agent and above.
         */
        post: operations["orders_ship"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payment-account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the account, without its secrets.
         * @description Needs `payments.read`: viewer and above.
         */
        get: operations["payment account_get"];
        /**
         * Connects the account, or replaces its secrets.
         * @description Stripe checks the key first. The webhook secret may come later, because Stripe shows it when the endpoint for
         *     `webhook_url` is created.
         *
         *     Needs `payments.manage`: owner and above, with a fresh second factor where one is set up.
         */
        put: operations["payment account_put"];
        post?: never;
        /**
         * Disconnects the account and deletes its secrets. Its payments stay.
         * @description Needs `payments.manage`: owner and above, with a fresh second factor where one is set up.
         */
        delete: operations["payment account_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payment-differences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the differences between Kazi and Stripe, newest first.
         * @description Needs `payments.read`: viewer and above.
         */
        get: operations["payments_differences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists payments, newest first.
         * @description Needs `payments.read`: viewer and above.
         */
        get: operations["payments_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a payment.
         * @description Needs `payments.read`: viewer and above.
         */
        get: operations["payments_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/{id}/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the refunds of a payment, newest first.
         * @description Needs `payments.read`: viewer and above.
         */
        get: operations["payments_list_refunds"];
        put?: never;
        /**
         * Refunds a payment.
         * @description Stripe is asked soon. The refund's `status` shows the outcome.
         *
         *     Needs `payments.refund`: admin and above, with a fresh second factor where one is set up.
         */
        post: operations["payments_refund"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the plans in the order of their creation.
         * @description Needs `subscriptions.read`: viewer and above.
         */
        get: operations["plans_list"];
        put?: never;
        /**
         * Creates a plan.
         * @description Needs `subscriptions.write`: admin and above.
         */
        post: operations["plans_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plans/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a plan.
         * @description Needs `subscriptions.read`: viewer and above.
         */
        get: operations["plans_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes a plan. Fields that are left out stay.
         * @description Running subscriptions get the new price with their next payment. The period cannot be changed.
         *
         *     Needs `subscriptions.write`: admin and above.
         */
        patch: operations["plans_update"];
        trace?: never;
    };
    "/api/v1/products": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists products, newest first.
         * @description Needs `catalog.read`: viewer and above.
         */
        get: operations["products_list"];
        put?: never;
        /**
         * Creates a product.
         * @description Needs `catalog.write`: admin and above.
         */
        post: operations["products_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Searches the active products, best match first, as in the chat.
         * @description Needs `catalog.read`: viewer and above.
         */
        get: operations["products_search"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a product.
         * @description Needs `catalog.read`: viewer and above.
         */
        get: operations["products_get"];
        put?: never;
        post?: never;
        /**
         * Deletes a product. To stop selling it for a while, set `active` to false.
         * @description Needs `catalog.write`: admin and above.
         */
        delete: operations["products_delete"];
        options?: never;
        head?: never;
        /**
         * Changes a product. Fields that are left out stay, and `null` empties a field.
         * @description Needs `catalog.write`: admin and above.
         */
        patch: operations["products_update"];
        trace?: never;
    };
    "/api/v1/products/{id}/stock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Corrects the stock of a product by a difference, so that sales at the same time still count.
         * @description Needs `catalog.write`: admin and above.
         */
        post: operations["products_adjust_stock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prompts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the prompts, the newest first.
         * @description Needs `prompts.read`: viewer and above.
         */
        get: operations["prompts_list"];
        put?: never;
        /**
         * Creates a prompt. The bot does not use it before it is activated.
         * @description Needs `prompts.write`: admin and above.
         */
        post: operations["prompts_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prompts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a prompt.
         * @description Needs `prompts.read`: viewer and above.
         */
        get: operations["prompts_get"];
        put?: never;
        post?: never;
        /**
         * Deletes a prompt with its revisions.
         * @description Needs `prompts.write`: admin and above.
         */
        delete: operations["prompts_delete"];
        options?: never;
        head?: never;
        /**
         * Changes a prompt. Fields that are left out stay.
         * @description A change of the text or of the model's settings is a new revision.
         *
         *     Needs `prompts.write`: admin and above.
         */
        patch: operations["prompts_update"];
        trace?: never;
    };
    "/api/v1/prompts/{id}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Activates a prompt, in place of the prompt that is active for the same channel.
         * @description Needs `prompts.write`: admin and above.
         */
        post: operations["prompts_activate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prompts/{id}/deactivate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Deactivates a prompt. Without an active prompt, the bot answers with the menu.
         * @description Needs `prompts.write`: admin and above.
         */
        post: operations["prompts_deactivate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prompts/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Goes back to an earlier revision. This makes a new revision.
         * @description Needs `prompts.write`: admin and above.
         */
        post: operations["prompts_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prompts/{id}/revisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the revisions of a prompt, the newest first.
         * @description Needs `prompts.read`: viewer and above.
         */
        get: operations["prompts_revisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prompts/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tries a prompt on a written conversation. Nobody gets the answer.
         * @description The call costs as much as an answer to a customer, and is in the log of calls.
         *
         *     Needs `prompts.write`: admin and above.
         */
        post: operations["prompts_test"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the staff, the oldest first.
         * @description Needs `bookings.read`: viewer and above.
         */
        get: operations["providers_list"];
        put?: never;
        /**
         * Adds to the staff. The new one has no opening hours yet.
         * @description Needs `appointments.write`: admin and above.
         */
        post: operations["providers_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows one of the staff.
         * @description Needs `bookings.read`: viewer and above.
         */
        get: operations["providers_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes one of the staff. Fields that are left out stay, and so do the bookings.
         * @description Needs `appointments.write`: admin and above.
         */
        patch: operations["providers_update"];
        trace?: never;
    };
    "/api/v1/providers/{id}/hours": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows when the staff is open: every week, and the coming days with hours of their own.
         * @description Needs `bookings.read`: viewer and above.
         */
        get: operations["providers_hours"];
        /**
         * Sets the weekly hours. Existing bookings stay.
         * @description Needs `appointments.write`: admin and above.
         */
        put: operations["providers_set_hours"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers/{id}/special-hours/{day}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Sets the hours of one day, in place of those of its weekday. Empty hours mean a day off. Existing bookings stay.
         * @description Needs `appointments.write`: admin and above.
         */
        put: operations["providers_set_special_day"];
        post?: never;
        /**
         * Removes the special hours of a day.
         * @description Needs `appointments.write`: admin and above.
         */
        delete: operations["providers_drop_special_day"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reconciliations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the reconciliations with Stripe, newest first.
         * @description Needs `payments.read`: viewer and above.
         */
        get: operations["payments_reconciliations"];
        put?: never;
        /**
         * Starts a reconciliation now, without waiting for the next quarter of an hour.
         * @description Needs `payments.refund`: admin and above, with a fresh second factor where one is set up.
         */
        post: operations["payments_reconcile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reconciliations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a reconciliation. `GET /payment-differences?reconciliation=…` lists its differences.
         * @description Needs `payments.read`: viewer and above.
         */
        get: operations["payments_reconciliation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists the permissions of each role. */
        get: operations["workspaces_roles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/slots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the slots that customers can book by time, at most 1,000.
         * @description Needs `bookings.read`: viewer and above.
         */
        get: operations["offerings_slots"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/social/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the social accounts, oldest first.
         * @description Needs `social.read`: viewer and above.
         */
        get: operations["social_accounts"];
        put?: never;
        /**
         * Connects an Instagram professional account or a Facebook page, after the network has accepted the token.
         * @description Needs `social.write`: admin and above.
         */
        post: operations["social_connect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/social/accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a social account.
         * @description Needs `social.read`: viewer and above.
         */
        get: operations["social_account"];
        put?: never;
        post?: never;
        /**
         * Disconnects a social account and deletes its token. Its scheduled posts are cancelled.
         * @description Needs `social.write`: admin and above.
         */
        delete: operations["social_disconnect"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/social/accounts/{id}/rotate-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replaces the token of a social account after the network has accepted it. A refused account works again.
         * @description Needs `social.write`: admin and above.
         */
        post: operations["social_rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/social/contents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the contents, oldest first.
         * @description Needs `social.read`: viewer and above.
         */
        get: operations["social_contents"];
        put?: never;
        /**
         * Creates a content: a text, images, and other texts for single networks.
         * @description Needs `social.write`: admin and above.
         */
        post: operations["social_create_content"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/social/contents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a content.
         * @description Needs `social.read`: viewer and above.
         */
        get: operations["social_content"];
        put?: never;
        post?: never;
        /**
         * Deletes a content. Published posts stay.
         * @description Needs `social.write`: admin and above.
         */
        delete: operations["social_delete_content"];
        options?: never;
        head?: never;
        /**
         * Changes a content. Fields that are left out stay. Posts that are being published keep their text.
         * @description Needs `social.write`: admin and above.
         */
        patch: operations["social_update_content"];
        trace?: never;
    };
    "/api/v1/social/publications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the publications, newest first, each with its history.
         * @description Needs `social.read`: viewer and above.
         */
        get: operations["social_publications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/social/publications/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a publication with its history.
         * @description Needs `social.read`: viewer and above.
         */
        get: operations["social_publication"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/social/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the schedules by their times.
         * @description Needs `social.read`: viewer and above.
         */
        get: operations["social_schedules"];
        put?: never;
        /**
         * Schedules a content for an account at a local time.
         * @description Needs `social.write`: admin and above.
         */
        post: operations["social_create_schedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/social/schedules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a schedule.
         * @description Needs `social.read`: viewer and above.
         */
        get: operations["social_schedule"];
        put?: never;
        post?: never;
        /**
         * Cancels a post that has not begun.
         * @description Needs `social.write`: admin and above.
         */
        delete: operations["social_cancel"];
        options?: never;
        head?: never;
        /**
         * Moves a post that has not begun to another time, or tries a failed one again.
         * @description Needs `social.write`: admin and above.
         */
        patch: operations["social_reschedule"];
        trace?: never;
    };
    "/api/v1/subscriptions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the subscriptions, newest first.
         * @description Needs `subscriptions.read`: viewer and above.
         */
        get: operations["subscriptions_list"];
        put?: never;
        /**
         * Subscribes a contact to a plan.
         * @description The contact gets a payment link, and the subscription begins with the payment. With `ends_at` it is paid until then
         *     already.
         *
         *     Needs `subscriptions.write`: admin and above.
         */
        post: operations["subscriptions_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a subscription.
         * @description Needs `subscriptions.read`: viewer and above.
         */
        get: operations["subscriptions_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancels a subscription, at once or at the end of its paid time. An open payment is withdrawn.
         * @description Needs `subscriptions.write`: admin and above.
         */
        post: operations["subscriptions_cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{id}/details": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Sets what the customer needs to use the service: user name, password, address.
         * @description It is stored encrypted, and only the customer can read it.
         *
         *     Needs `subscriptions.write`: admin and above.
         */
        put: operations["subscriptions_set_details"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{id}/periods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the paid periods of a subscription, newest first.
         * @description Needs `subscriptions.read`: viewer and above.
         */
        get: operations["subscriptions_periods"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/subscriptions/{id}/renew": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Requests the payment of the next period.
         * @description `payment.url` is the payment page. It is `null` until Stripe has created it. The contact gets the link as soon as
         *     there is one. While a payment is open, no second one is requested.
         *
         *     Needs `subscriptions.write`: admin and above.
         */
        post: operations["subscriptions_renew"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/support/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the tickets, newest first.
         * @description Needs `tickets.read`: viewer and above.
         */
        get: operations["support_list"];
        put?: never;
        /**
         * Opens a ticket for a contact.
         * @description Needs `tickets.write`: agent and above.
         */
        post: operations["support_open"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/support/tickets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a ticket.
         * @description Needs `tickets.read`: viewer and above.
         */
        get: operations["support_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Changes the subject of a ticket, and what you sort tickets by. Fields that are left out stay, and `null` empties a field.
         * @description Needs `tickets.write`: agent and above.
         */
        patch: operations["support_update"];
        trace?: never;
    };
    "/api/v1/support/tickets/{id}/assignee": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Assigns a ticket to a member, or to nobody.
         * @description Needs `tickets.write`: agent and above.
         */
        put: operations["support_assign"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/support/tickets/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Closes a ticket. The conversation goes back to the bot.
         * @description Needs `tickets.write`: agent and above.
         */
        post: operations["support_close"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/support/tickets/{id}/hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Puts a ticket aside until the customer answers.
         * @description Needs `tickets.write`: agent and above.
         */
        post: operations["support_hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/support/tickets/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the messages of a ticket, oldest first.
         * @description Needs `tickets.read`: viewer and above.
         */
        get: operations["support_messages"];
        put?: never;
        /**
         * Answers a ticket. The customer gets the text in the chat, unless it is internal.
         * @description A customer who has not written for 24 hours gets the template `ticket_answer`. The customer's next text in the chat is for the
         *     ticket.
         *
         *     Needs `tickets.write`: agent and above.
         */
        post: operations["support_answer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/support/tickets/{id}/reopen": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Opens a ticket again.
         * @description Needs `tickets.write`: agent and above.
         */
        post: operations["support_reopen"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/support/tickets/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resolves a ticket. The customer is told, and opens it again by answering within seven days. Then Kazi closes it.
         * @description The conversation goes back to the bot. A customer who has not written for 24 hours gets the template `ticket_resolved`.
         *
         *     Needs `tickets.write`: agent and above.
         */
        post: operations["support_resolve"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists all tags by name with the number of their contacts, at most 2,000.
         * @description Needs `contacts.read`: viewer and above.
         */
        get: operations["tags_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tags/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Deletes a tag and removes it from all contacts.
         * @description Needs `contacts.delete`: admin and above.
         */
        delete: operations["tags_delete"];
        options?: never;
        head?: never;
        /**
         * Renames a tag.
         * @description Needs `contacts.write`: agent and above.
         */
        patch: operations["tags_rename"];
        trace?: never;
    };
    "/api/v1/tags/{id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives another tag to all contacts of this one, and deletes this one.
         * @description Needs `contacts.delete`: admin and above.
         */
        post: operations["tags_merge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the templates by name and language.
         * @description Needs `templates.read`: viewer and above.
         */
        get: operations["templates_list"];
        put?: never;
        /**
         * Creates a draft, with an example of each variable.
         * @description Needs `templates.write`: admin and above.
         */
        post: operations["templates_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reads Meta's templates now. Kazi does this every hour.
         * @description Needs `templates.write`: admin and above.
         */
        post: operations["templates_sync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows a template.
         * @description Needs `templates.read`: viewer and above.
         */
        get: operations["templates_get"];
        /**
         * Changes a draft.
         * @description Needs `templates.write`: admin and above.
         */
        put: operations["templates_update"];
        post?: never;
        /**
         * Deletes a template, at Meta first.
         * @description Needs `templates.write`: admin and above.
         */
        delete: operations["templates_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/templates/{id}/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Submits a draft to Meta's review. A repeated call changes nothing.
         * @description Needs `templates.write`: admin and above.
         */
        post: operations["templates_submit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lists the workspaces of the user who calls.
         * @description Owners also see deleted workspaces, which they can restore for 30 days.
         */
        get: operations["workspaces_list"];
        put?: never;
        /** Creates a workspace. The caller becomes its owner. */
        post: operations["workspaces_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Shows the workspace of the call.
         * @description Needs `workspace.read`: viewer and above.
         */
        get: operations["workspaces_current"];
        put?: never;
        post?: never;
        /**
         * Deletes the workspace. Its owners can restore it for 30 days.
         * @description Needs `workspace.delete`: owner and above, with a fresh second factor where one is set up.
         */
        delete: operations["workspaces_delete"];
        options?: never;
        head?: never;
        /**
         * Changes the workspace. Fields that are left out stay. The settings are replaced as a whole.
         * @description Needs `workspace.write`: admin and above.
         */
        patch: operations["workspaces_update"];
        trace?: never;
    };
    "/api/v1/workspaces/current/leave": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Leaves the workspace. */
        post: operations["workspaces_leave"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/current/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hands the workspace over to another member, who becomes an owner. The caller becomes an admin.
         * @description Needs `workspace.transfer`: owner and above, with a fresh second factor where one is set up.
         */
        post: operations["workspaces_transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restores a deleted workspace. Its channels come back paused. */
        post: operations["workspaces_restore"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @example sac_0190a5b2c3d4e5f60718293a4b5c6d7e */
        AccountId: string;
        Activity: {
            /** Format: date-time */
            at: string;
            kind: components["schemas"]["ActivityKind"];
            /**
             * @description The id of what it is about.
             * @example ord_0190a5b2c3d4e5f60718293a4b5c6d7e
             */
            subject_id: string;
            /**
             * @description A name, a number or a subject, for a person. Empty when there is none.
             * @example 12
             */
            title: string;
        };
        /**
         * @description What has happened.
         * @enum {string}
         */
        ActivityKind: "contact" | "product" | "order" | "payment" | "ticket";
        Address: {
            /**
             * Format: email
             * @example amina@example.com
             */
            email: string;
        };
        /**
         * @description What happens to questions once the budget of the month is spent: `cheaper` asks only the last of the prompt's
         *     models, and `menu` asks none.
         * @enum {string}
         */
        AiAtLimit: "cheaper" | "menu";
        /** @description What a workspace may spend on models in a month. */
        AiBudget: {
            at_limit: components["schemas"]["AiAtLimit"];
            /**
             * Format: int64
             * @description Millionths of a US dollar in a month of the workspace's time zone. `null`: there is no limit.
             * @example 20000000
             */
            limit_micro?: number | null;
        };
        /** @description The budget, and what is spent of it. */
        AiBudgetNow: components["schemas"]["AiBudget"] & {
            /**
             * Format: date
             * @description The first day of this month, in the workspace's time zone.
             */
            month: string;
            /**
             * Format: int64
             * @description Millionths of a US dollar in this month.
             */
            spent_micro: number;
            state: components["schemas"]["AiBudgetState"];
        };
        /**
         * @description How much of the budget is spent: less than 80 %, 80 % or more, or all of it.
         * @enum {string}
         */
        AiBudgetState: "within" | "warned" | "reached";
        /** @description A call as members see it. */
        AiCall: {
            /** Format: date-time */
            at: string;
            /** Format: int32 */
            completion_tokens: number;
            conversation_id?: components["schemas"]["ConversationId"] | null;
            /**
             * Format: int64
             * @description Millionths of a US dollar.
             */
            cost_micro: number;
            id: components["schemas"]["AiCallId"];
            /** Format: int32 */
            latency_ms: number;
            /** @example openai/gpt-4o-mini */
            model_asked: string;
            /**
             * @description The model that answered: a substitute, when the first was not available.
             * @example openai/gpt-4o-mini
             */
            model_served?: string | null;
            /**
             * @description `ok`, or the class of the error. `nothing_known`: no passage answers the question, so no model was asked.
             * @example ok
             */
            outcome: string;
            /** Format: int32 */
            prompt_tokens: number;
            /**
             * @description What the call was for.
             * @example reply
             */
            purpose: string;
        };
        /** @description A call with what the model was given. */
        AiCallDetail: components["schemas"]["AiCall"] & {
            /** @description The passages of the documents and the products, the best first. */
            passages: components["schemas"]["AiPassage"][];
        };
        /** @example aic_0190a5b2c3d4e5f60718293a4b5c6d7e */
        AiCallId: string;
        /**
         * @description What one call cost: `low` is less than 1,000 millionths of a US dollar, `high` is 10,000 or more.
         * @enum {string}
         */
        AiCostBucket: "low" | "medium" | "high";
        /** @description What a business knows about a question. */
        AiPassage: {
            /**
             * Format: float
             * @description The share of the question's words that it has, from 0 to 1.
             */
            covers: number;
            /**
             * Format: int32
             * @description The place in the list by letters, which forgives typing errors.
             */
            letters_place?: number | null;
            /**
             * Format: float
             * @description What the places are worth together.
             */
            score: number;
            source: components["schemas"]["AiPassageSource"];
            /**
             * Format: uuid
             * @description The piece of the document, or the product.
             */
            source_id: string;
            /** @example Delivery: We deliver in Nairobi on the same day. */
            text: string;
            /**
             * Format: int32
             * @description The place in the list by words, from 1. `null`: not in it.
             */
            words_place?: number | null;
        };
        /**
         * @description Where a passage is from.
         * @enum {string}
         */
        AiPassageSource: "knowledge" | "product";
        /** @description The calls of one day with the same purpose, model and cost. */
        AiUsage: {
            bucket: components["schemas"]["AiCostBucket"];
            /** Format: int64 */
            calls: number;
            /** Format: int64 */
            completion_tokens: number;
            /**
             * Format: int64
             * @description Millionths of a US dollar.
             */
            cost_micro: number;
            /**
             * Format: date
             * @description In the workspace's time zone.
             */
            day: string;
            /**
             * Format: int64
             * @description Those of the calls without an answer.
             */
            failed: number;
            /**
             * @description The model that answered, or else the one that was asked.
             * @example openai/gpt-4o-mini
             */
            model: string;
            /** Format: int64 */
            prompt_tokens: number;
            /** @example reply */
            purpose: string;
        };
        /** @description Sums of calls over some days. */
        AiUsageReport: {
            /** Format: int64 */
            calls: number;
            /**
             * Format: int64
             * @description Millionths of a US dollar.
             */
            cost_micro: number;
            /**
             * Format: date
             * @description The first day, in the workspace's time zone.
             */
            from: string;
            /** @description The newest day first. */
            items: components["schemas"]["AiUsage"][];
            /**
             * Format: date
             * @description The last day.
             */
            until: string;
        };
        /** @description The figures of some days. */
        AnalyticsOverview: {
            /** @description Each day once, also a day without figures. */
            days: components["schemas"]["DayFigures"][];
            /**
             * @description IANA.
             * @example Africa/Nairobi
             */
            time_zone: string;
        };
        /**
         * @description A length of time by the calendar. A week begins on Monday.
         * @enum {string}
         */
        AnalyticsPeriod: "day" | "week" | "month" | "year";
        /** @example evt_0190a5b2c3d4e5f60718293a4b5c6d7e */
        AnnouncementId: string;
        ApiKeyCreated: {
            id: components["schemas"]["ApiKeyId"];
            /**
             * @description For `Authorization: Bearer`. It is not shown again.
             * @example kz_live_0190a5b2c3d4e5f60718293a4b5c6d7e_…
             */
            key: string;
        };
        /** @example key_0190a5b2c3d4e5f60718293a4b5c6d7e */
        ApiKeyId: string;
        /** @description A key as its workspace sees it. */
        ApiKeyView: {
            /**
             * Format: date-time
             * @description Since when.
             */
            created_at: string;
            /**
             * Format: date-time
             * @description When it ends.
             */
            expires_at?: string | null;
            /** @description Its id, which is also in the key. */
            id: components["schemas"]["ApiKeyId"];
            /**
             * Format: date-time
             * @description To the minute.
             */
            last_used_at?: string | null;
            /**
             * @description What it is for.
             * @example Website
             */
            name: string;
            /**
             * Format: date-time
             * @description When it was revoked.
             */
            revoked_at?: string | null;
            /**
             * @description Names of permissions.
             * @example [
             *       "contacts.read"
             *     ]
             */
            scopes: string[];
        };
        Article: {
            /** @description The author. */
            author?: string | null;
            /** @description Plain text. */
            body: string;
            /** @description Whether all readers of its topics get it at once. */
            breaking: boolean;
            /**
             * Format: date-time
             * @description When all readers of its topics got it at once.
             */
            broken_at?: string | null;
            /** Format: date-time */
            created_at: string;
            /** @description The id at the article's source. */
            external_id?: string | null;
            id: components["schemas"]["ArticleId"];
            /** @description The address of a picture. */
            image_url?: string | null;
            /**
             * @description The language of the text.
             * @example en
             */
            language: string;
            /**
             * Format: date-time
             * @description Readers get it from this time on. `null`: it is a draft.
             */
            published_at?: string | null;
            /** @description The publisher. */
            source?: string | null;
            /** @example New ferry links the islands */
            title: string;
            /**
             * @example [
             *       "local",
             *       "business"
             *     ]
             */
            topics: string[];
            /** Format: date-time */
            updated_at: string;
            /**
             * @description The address of the article.
             * @example https://news.example/ferry
             */
            url: string;
            /**
             * Format: int64
             * @description Rises with each change. The `ETag` is made of it.
             * @example 3
             */
            version: number;
        };
        /** @example art_0190a5b2c3d4e5f60718293a4b5c6d7e */
        ArticleId: string;
        /** @description Fields that are left out stay. */
        ArticlePatch: {
            /**
             * @description The author. `null` removes it.
             * @default null
             */
            author?: string | null;
            /**
             * @description Plain text.
             * @default null
             */
            body?: string | null;
            /**
             * @description The https address of a picture. `null` removes it.
             * @default null
             */
            image_url?: string | null;
            /**
             * @description The language of the text.
             * @default null
             */
            language?: string | null;
            /**
             * Format: date-time
             * @description Readers get it from this time on. `null` makes it a draft.
             * @default null
             */
            published_at?: string | null;
            /**
             * @description The publisher. `null` removes it.
             * @default null
             */
            source?: string | null;
            /** @default null */
            title?: string | null;
            /** @default null */
            topics?: string[] | null;
            /**
             * @description The https address of the article.
             * @default null
             */
            url?: string | null;
        };
        /** @description Whom to reach. All parts must hold; one that is left out holds for everybody. */
        Audience: {
            /**
             * Format: int32
             * @description Those who wrote within so many days.
             * @default null
             */
            active_within_days?: number | null;
            /**
             * @description Custom fields and what they are, as text.
             * @default {}
             * @example {
             *       "city": "Nairobi"
             *     }
             */
            attributes?: {
                [key: string]: string;
            };
            /**
             * @description Only those who have said that they want offers; else also those who have never said.
             * @default false
             */
            consented?: boolean;
            /**
             * @description Those of one of these countries, ISO 3166.
             * @default []
             * @example [
             *       "KE"
             *     ]
             */
            countries?: string[];
            /**
             * Format: int32
             * @description Those who have not written for so many days.
             * @default null
             */
            inactive_for_days?: number | null;
            /**
             * @description Those who speak one of these languages.
             * @default []
             * @example [
             *       "en"
             *     ]
             */
            languages?: string[];
            /**
             * @description Those who have all of these tags.
             * @default []
             */
            tags_all?: string[];
            /**
             * @description Those who have one of these tags at least.
             * @default []
             * @example [
             *       "vip"
             *     ]
             */
            tags_any?: string[];
            /**
             * @description Those who have none of these tags.
             * @default []
             */
            tags_none?: string[];
        };
        /** @description A record as members see it. */
        AuditRecord: {
            /** @example members.change_role */
            action: string;
            /**
             * Format: uuid
             * @description The user, the key or the contact.
             */
            actor_id?: string | null;
            /**
             * @description `member`, `api_key`, `customer`, `operator` or `system`.
             * @example member
             */
            actor_kind: string;
            /** @description The IP address of the caller. */
            address?: string | null;
            /** @description The same fields after the change. Null for a deleted thing. */
            after?: Record<string, never> | null;
            /** Format: date-time */
            at: string;
            /** @description The fields that changed, before the change. Null for a new thing. */
            before?: Record<string, never> | null;
            id: components["schemas"]["RecordId"];
            /** @description The id of the HTTP call. */
            request_id?: string | null;
            /** Format: uuid */
            subject_id: string;
            /**
             * @description The kind of the changed thing.
             * @example user
             */
            subject_kind: string;
        };
        /** @description The secret of a new authenticator. It is not shown again. */
        Authenticator: {
            /**
             * @description The same address as a picture.
             * @example data:image/svg+xml;base64,…
             */
            qr: string;
            /**
             * @description Base32, for typing.
             * @example JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP
             */
            secret: string;
            /**
             * @description An address that an authenticator opens.
             * @example otpauth://totp/Kazi:amina%40example.com?secret=…
             */
            url: string;
        };
        BTreeMap: {
            [key: string]: string;
        };
        /** @description What sold best, in the currency of the workspace. */
        Best: {
            contact?: components["schemas"]["BestContact"] | null;
            order?: components["schemas"]["BestOrder"] | null;
            product?: components["schemas"]["BestProduct"] | null;
        };
        BestContact: {
            contact_id: components["schemas"]["ContactId"];
            /** @example Amina Otieno */
            name?: string | null;
            /**
             * Format: int64
             * @example 3
             */
            orders: number;
            spent: components["schemas"]["FigureMoney"];
        };
        BestOrder: {
            contact_id: components["schemas"]["ContactId"];
            /** @example Amina Otieno */
            contact_name?: string | null;
            /**
             * Format: int64
             * @example 12
             */
            number: number;
            order_id: components["schemas"]["OrderId"];
            total: components["schemas"]["FigureMoney"];
        };
        BestProduct: {
            image_url?: string | null;
            /**
             * @description In the language of the workspace. `null` when the product is not sold any more.
             * @example Coffee beans
             */
            name?: string | null;
            product_id: components["schemas"]["ProductId"];
            revenue: components["schemas"]["FigureMoney"];
            /**
             * Format: int64
             * @description Pieces.
             * @example 41
             */
            sold: number;
        };
        Booking: {
            contact_id: components["schemas"]["ContactId"];
            /** Format: date-time */
            created_at: string;
            /**
             * @description ISO 4217.
             * @example KES
             */
            currency?: string | null;
            /** Format: date-time */
            ends_at: string;
            id: components["schemas"]["BookingId"];
            /** @description A remark for the members. */
            note?: string | null;
            offering_id: components["schemas"]["OfferingId"];
            /**
             * Format: int64
             * @description Minor units: the price when it was booked.
             */
            price_minor?: number | null;
            provider_id: components["schemas"]["StaffId"];
            /**
             * Format: date-time
             * @description When the newest reminder was queued.
             */
            reminded_at?: string | null;
            /** @description Minutes before the beginning at which the customer is reminded. */
            reminder_minutes: number[];
            /** Format: date-time */
            starts_at: string;
            status: components["schemas"]["BookingStatus"];
            /**
             * @description Why the newest reminder reached nobody: blocked, no_channel, no_template, or of a template that Meta has made
             *     marketing: opted_out, no_consent, us_marketing.
             * @example no_template
             */
            unreachable?: string | null;
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: int64
             * @description Grows with each change.
             */
            version: number;
        };
        /** @example bkg_0190a5b2c3d4e5f60718293a4b5c6d7e */
        BookingId: string;
        /**
         * @description Where a booking stands.
         * @enum {string}
         */
        BookingStatus: "booked" | "confirmed" | "completed" | "no_show" | "cancelled";
        /** @description Times of day, like `07:30`. `null`: no brief. */
        BriefTimes: {
            /**
             * @default null
             * @example 13:00
             */
            afternoon?: string | null;
            /**
             * @default null
             * @example 19:00
             */
            evening?: string | null;
            /**
             * @default null
             * @example 07:30
             */
            morning?: string | null;
        };
        /** @description The hours in which the business answers, on the clocks of the workspace. */
        BusinessHours: {
            /** @description Holidays, and other days with hours of their own: at most 200. */
            special?: components["schemas"]["SpecialDay"][];
            /** @description Each opening of the week, at most 10 a day. */
            week: components["schemas"]["Opening"][];
        };
        /** @description The value of a template's button. */
        ButtonSource: {
            /** @description The end of the button's address. */
            url: {
                /**
                 * Format: int32
                 * @description The index of the button, from 0.
                 */
                index: number;
                value: components["schemas"]["Parameter"];
            };
        } | {
            /** @description The text that comes back with a tap. */
            payload: {
                /**
                 * Format: int32
                 * @description The index of the button, from 0.
                 */
                index: number;
                value: components["schemas"]["Parameter"];
            };
        } | {
            /** @description The coupon that a tap copies: at most 15 characters. */
            code: {
                /**
                 * Format: int32
                 * @description The index of the button, from 0.
                 */
                index: number;
                value: components["schemas"]["Parameter"];
            };
        };
        Campaign: {
            audience?: components["schemas"]["Audience"] | null;
            category?: components["schemas"]["TemplateCategory"] | null;
            /** @description The channel that sends it. */
            channel_id: components["schemas"]["ChannelId"];
            content: components["schemas"]["CampaignContent"];
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When the last message had left, or when it was cancelled.
             */
            finished_at?: string | null;
            id: components["schemas"]["CampaignId"];
            /**
             * @description The name that members see.
             * @example Spring offer
             */
            name: string;
            /**
             * Format: date-time
             * @description When the recipients were frozen.
             */
            planned_at?: string | null;
            /**
             * @description Why it is paused, cancelled or failed: a code for programs.
             * @example channel_stopped
             */
            reason?: string | null;
            /** @description The same as a sentence for people. */
            reason_detail?: string | null;
            report?: components["schemas"]["CampaignReport"] | null;
            /**
             * Format: date-time
             * @description The start time.
             */
            scheduled_at?: string | null;
            segment_id?: components["schemas"]["SegmentId"] | null;
            /**
             * Format: date-time
             * @description The first start.
             */
            started_at?: string | null;
            status: components["schemas"]["CampaignStatus"];
            /**
             * Format: date-time
             * @description The last change.
             */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change. The `ETag` is made of it.
             * @example 3
             */
            version: number;
        };
        CampaignContent: {
            buttons?: components["schemas"]["ButtonSource"][];
            header?: components["schemas"]["CampaignHeader"] | null;
            /** @enum {string} */
            kind: "template";
            /** @example spring_offer */
            name: string;
            /**
             * @description The variables of the body, in order: `{{1}}`, `{{2}}` … or, for variables with names, as they stand in the
             *     body.
             */
            parameters?: components["schemas"]["Parameter"][];
        } | {
            /** @enum {string} */
            kind: "text";
            /** @description The variables, in order. */
            parameters?: components["schemas"]["Parameter"][];
            /**
             * @description At most 4,096 characters.
             * @example Hello {{1}}, we are open on Sunday.
             */
            text: string;
        };
        /** @description The cost by the workspace's price table. */
        CampaignCost: {
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            /**
             * Format: int64
             * @description Millionths of the currency's unit.
             * @example 22500000
             */
            micros: number;
        };
        /** @description The recipients in one country. */
        CampaignCountry: {
            cost?: components["schemas"]["CampaignCost"] | null;
            /** @description ISO 3166. Empty: not known. */
            country: string;
            /** Format: int64 */
            recipients: number;
        };
        CampaignFailures: {
            /** @description By the provider's code. `none`: the provider gave no code. */
            codes: {
                [key: string]: number;
            };
            /** Format: int64 */
            total: number;
        };
        /**
         * @description How far the messages got. Each step includes the later steps. `recipients` = `waiting` + `queued` + `sending` +
         *     `accepted` + `failed`.
         */
        CampaignFunnel: {
            /**
             * Format: int64
             * @description The provider has accepted it.
             */
            accepted: number;
            /**
             * Format: int64
             * @description Contacts of the segment.
             */
            contacts: number;
            /**
             * Format: int64
             * @description It is on the phone.
             */
            delivered: number;
            /** @description Messages that will not arrive, by code. */
            failed: components["schemas"]["CampaignFailures"];
            /** @description Contacts who do not get it, by reason. Some were left out after the planning. */
            left_out: components["schemas"]["CampaignLeftOut"];
            /**
             * Format: int64
             * @description The job waits.
             */
            queued: number;
            /**
             * Format: int64
             * @description The contact has read it.
             */
            read: number;
            /**
             * Format: int64
             * @description Contacts who get the message.
             */
            recipients: number;
            /**
             * Format: int64
             * @description Contacts who wrote within a week.
             */
            replied: number;
            /**
             * Format: int64
             * @description The request has left, and no answer has come yet.
             */
            sending: number;
            /**
             * Format: int64
             * @description The provider has sent it.
             */
            sent: number;
            /**
             * Format: int64
             * @description Recipients who are not queued yet.
             */
            waiting: number;
        };
        /** @description The value of a template's header. */
        CampaignHeader: {
            /** @description The value of its variable. */
            text: components["schemas"]["Parameter"];
        } | {
            /** @description The https address of its image, video or document. It is the same for all recipients. */
            link: string;
        };
        /** @example cmp_0190a5b2c3d4e5f60718293a4b5c6d7e */
        CampaignId: string;
        CampaignLeftOut: {
            reasons: {
                [key: string]: number;
            };
            /** Format: int64 */
            total: number;
        };
        /** @description Fields that are left out stay. */
        CampaignPatch: {
            audience?: components["schemas"]["Audience"] | null;
            channel_id?: components["schemas"]["ChannelId"] | null;
            content?: components["schemas"]["CampaignContent"] | null;
            /** @description The name that members see. */
            name?: string | null;
            segment_id?: components["schemas"]["SegmentId"] | null;
        };
        /** @description A contact in a campaign, as the planning has frozen it. */
        CampaignRecipient: {
            contact_id: components["schemas"]["ContactId"];
            /** @description ISO 3166. */
            country?: string | null;
            /** @description The language of the template. */
            language?: string | null;
            message_id?: components["schemas"]["MessageId"] | null;
            /** @description The values of the variables. */
            parameters: string[];
            /** @description E.164. */
            phone?: string | null;
            /** @description Why the contact is left out. */
            reason?: string | null;
            /** @description planned, left_out, queued. */
            state: string;
        };
        /** @description The result of the planning. */
        CampaignReport: {
            /**
             * Format: int64
             * @description Contacts of the segment.
             */
            contacts: number;
            cost?: components["schemas"]["CampaignCost"] | null;
            /** @description Recipients and their price by country, the most recipients first. */
            countries: components["schemas"]["CampaignCountry"][];
            /** @description The number of contacts left out, by reason. */
            left_out: {
                [key: string]: number;
            };
            /**
             * Format: double
             * @description Messages per second that the channel sends.
             */
            rate: number;
            /**
             * Format: int64
             * @description Contacts who are not left out.
             */
            recipients: number;
            /**
             * Format: int64
             * @description Recipients that Meta still accepts within these 24 hours, if that is known.
             */
            remaining_today?: number | null;
            /**
             * Format: int64
             * @description The duration in seconds at that rate, without quiet hours.
             */
            seconds: number;
            /**
             * Format: int64
             * @description Recipients without a known price.
             */
            unpriced: number;
        };
        CampaignSchedule: {
            /**
             * @description With an offset from UTC. Without one, in the workspace's time zone.
             * @example 2030-05-01T09:00:00
             */
            at: string;
        };
        /**
         * @description Where a campaign stands.
         * @enum {string}
         */
        CampaignStatus: "draft" | "planning" | "planned" | "scheduled" | "sending" | "paused" | "completed" | "cancelled" | "failed";
        CampaignTest: {
            /**
             * @description The phone of a contact, usually your own.
             * @example +254712345678
             */
            phone: string;
        };
        CampaignTested: {
            message_id: components["schemas"]["MessageId"];
        };
        Cancel: {
            /**
             * @description At the end of the paid time. Otherwise at once.
             * @example true
             */
            at_end: boolean;
        };
        /** @description A text that members answer with again and again. */
        CannedReply: {
            /**
             * @description What a member types to get the text.
             * @example hours
             */
            code: string;
            /** Format: date-time */
            created_at: string;
            id: components["schemas"]["CannedReplyId"];
            /**
             * @description Texts by language.
             * @example {
             *       "en": "We open at 8:00."
             *     }
             */
            texts: {
                [key: string]: string;
            };
            /** Format: date-time */
            updated_at: string;
        };
        /** @example cnr_0190a5b2c3d4e5f60718293a4b5c6d7e */
        CannedReplyId: string;
        /** @description Fields that are left out stay. */
        CannedReplyPatch: {
            /**
             * @description What a member types to get the text: small letters, digits, hyphens and underscores.
             * @example hours
             */
            code?: string | null;
            /**
             * @description Replaces all texts.
             * @example {
             *       "en": "We open at 8:00."
             *     }
             */
            texts?: {
                [key: string]: string;
            } | null;
        };
        /** @description A contact's cart. */
        Cart: {
            contact_id: components["schemas"]["ContactId"];
            /** Format: date-time */
            created_at: string;
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            id: components["schemas"]["CartId"];
            /** @description In the order in which they were added. */
            items: components["schemas"]["CartItem"][];
            /**
             * @description `open`, `ordered` or `abandoned`.
             * @example open
             */
            status: string;
            /**
             * Format: int64
             * @description The present total in minor units, without lines that cannot be ordered.
             * @example 2500
             */
            total_minor: number;
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: int64
             * @description Grows with each change.
             * @example 3
             */
            version: number;
        };
        /** @example crt_0190a5b2c3d4e5f60718293a4b5c6d7e */
        CartId: string;
        /** @description A line of a cart. */
        CartItem: {
            /**
             * @description Empty when the product is not sold any more.
             * @example Kenyan coffee
             */
            name: string;
            /**
             * Format: int64
             * @description The present price of one piece, in minor units.
             * @example 1250
             */
            price_minor: number;
            problem?: components["schemas"]["ItemProblem"] | null;
            product_id: components["schemas"]["ProductId"];
            /**
             * Format: int32
             * @example 2
             */
            quantity: number;
        };
        CartOf: {
            contact_id: components["schemas"]["ContactId"];
        };
        CartQuantity: {
            /**
             * Format: int32
             * @description 1 to 999.
             * @example 2
             */
            quantity: number;
        };
        /** @description The state of the cart that the customer has seen and agreed to. */
        CartToOrder: {
            cart_id: components["schemas"]["CartId"];
            /**
             * @description A remark for the business.
             * @example Please ring twice.
             */
            note?: string;
            /**
             * Format: int64
             * @description As it was shown.
             * @example 2500
             */
            total_minor: number;
            /**
             * Format: int64
             * @description As it was shown.
             * @example 3
             */
            version: number;
        };
        Category: {
            /** Format: date-time */
            created_at: string;
            id: components["schemas"]["CategoryId"];
            /**
             * @description The name in web addresses.
             * @example coffee
             */
            slug: string;
            /**
             * Format: int32
             * @description Categories are sorted by this number.
             */
            sort_order: number;
            /**
             * @description Texts by language.
             * @example {
             *       "en": "Coffee"
             *     }
             */
            titles: {
                [key: string]: string;
            };
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change. The `ETag` is made of it.
             * @example 3
             */
            version: number;
        };
        /** @example cat_0190a5b2c3d4e5f60718293a4b5c6d7e */
        CategoryId: string;
        /** @description Fields that are left out stay. */
        CategoryPatch: {
            /**
             * @description The name in web addresses.
             * @example coffee
             */
            slug?: string | null;
            /** Format: int32 */
            sort_order?: number | null;
            /**
             * @description Replaces all texts.
             * @example {
             *       "en": "Coffee"
             *     }
             */
            titles?: {
                [key: string]: string;
            } | null;
        };
        /** @description A new password in the place of the current one. */
        ChangePassword: {
            /**
             * Format: password
             * @description The current password.
             * @example maize kettle orbit
             */
            current_password: string;
            /**
             * Format: password
             * @description The new one.
             * @example maize kettle orbit
             */
            password: string;
        };
        /** @description A channel for its members, without its secrets. */
        Channel: {
            /** @description The business account (WABA). */
            account_id?: string | null;
            /**
             * Format: int32
             * @description Messages that may leave at once. `None`: the limit of all channels.
             */
            burst?: number | null;
            /** @description The provider's text, when the state is not `ok`. */
            check_detail?: string | null;
            /** @description `ok`, `refused`, `unreachable`, or Green API's state, such as `notAuthorized`. */
            check_state?: string | null;
            /**
             * Format: date-time
             * @description When the provider was last asked.
             */
            checked_at?: string | null;
            /** Format: date-time */
            created_at: string;
            /** @description The number as customers see it. */
            display_phone?: string | null;
            /**
             * @description The phone number id or the instance id.
             * @example 106540352242922
             */
            external_id: string;
            id: components["schemas"]["ChannelId"];
            /**
             * @description `whatsapp` or `greenapi`.
             * @example whatsapp
             */
            kind: string;
            /** @example Front desk */
            name: string;
            /** @description WhatsApp: GREEN, YELLOW, RED or UNKNOWN. */
            quality_rating?: string | null;
            /**
             * Format: double
             * @description Messages per second. `None`: the limit of all channels.
             */
            rate?: number | null;
            /** @description The provider has refused it. It needs a new token, or help from the provider. */
            refused: boolean;
            /**
             * Format: date-time
             * @description When the secrets were last replaced.
             */
            rotated_at?: string | null;
            /**
             * @description `active` or `paused`.
             * @example active
             */
            status: string;
            /** @description Why it is paused. */
            status_reason?: string | null;
            /** @description The last four characters of the token. */
            token_hint: string;
            /**
             * Format: date-time
             * @description The last change.
             */
            updated_at: string;
            /** @description WhatsApp: the name that customers see. */
            verified_name?: string | null;
            /**
             * Format: int64
             * @description Rises with each change. The `ETag` is made of it.
             * @example 3
             */
            version: number;
        };
        /** @example chn_0190a5b2c3d4e5f60718293a4b5c6d7e */
        ChannelId: string;
        /**
         * @description Which provider a channel is of.
         * @enum {string}
         */
        ChannelKind: "whatsapp" | "greenapi";
        ChannelPatch: {
            /**
             * @description 1 to 100 characters.
             * @example Front desk
             */
            name: string;
        };
        ChannelRate: {
            /**
             * Format: int32
             * @description Messages that may leave at once.
             * @example 5
             */
            burst: number;
            /**
             * Format: double
             * @description Messages per second: at most 1000 for WhatsApp, 50 for Green API.
             * @example 20
             */
            per_second: number;
        };
        /** @description Fields that are left out stay. */
        ChannelSecrets: {
            /** @description WhatsApp: signs the webhooks. */
            app_secret?: string | null;
            /** @description The token for sending. The provider checks it first; the old token stays until it is accepted. */
            token: string;
        };
        /** @description The values for the provider's dashboard, ready to paste. */
        ChannelSetup: {
            /** @description WhatsApp: the verify token. Green API: the webhook token. Empty for a number that uses the program's own. */
            token: string;
            /** @example https://kazi.example/webhooks/whatsapp */
            webhook_url: string;
        };
        CodeBody: {
            /**
             * Format: password
             * @example 123456
             */
            code: string;
        };
        /** @description A figure, and the same figure of the period before. */
        Compared: {
            /**
             * Format: int64
             * @description Over as many days of the period before.
             * @example 120
             */
            before: number;
            /**
             * Format: double
             * @description The growth in percent, to one decimal. `null` when there was nothing before.
             * @example 10
             */
            growth_percent?: number | null;
            /**
             * Format: int64
             * @example 132
             */
            value: number;
        };
        /** @description An account, and the values for Stripe's dashboard. */
        ConnectedAccount: {
            account: components["schemas"]["PaymentAccount"];
            /** @description The events that the endpoint should send. */
            events: string[];
            /**
             * @description The address for the webhook endpoint.
             * @example https://kazi.example.com/webhooks/stripe/pac_0190a5b2c3d4e5f60718293a4b5c6d7e
             */
            webhook_url: string;
        };
        /** @description One change of a consent. */
        Consent: {
            /**
             * Format: uuid
             * @description The user or key that wrote it down.
             */
            actor_id?: string | null;
            /**
             * @description `marketing`.
             * @example marketing
             */
            category: string;
            /**
             * Format: date-time
             * @description When.
             */
            created_at: string;
            /** @description True when it was given, false when it was withdrawn. */
            granted: boolean;
            /** Format: uuid */
            id: string;
            /** @description Where the operator has it from. */
            note?: string | null;
            /**
             * @description keyword, provider, operator, import.
             * @example operator
             */
            source: string;
        };
        /** @example ctc_0190a5b2c3d4e5f60718293a4b5c6d7e */
        ContactId: string;
        /** @description What is to be changed. What is not named stays; `null` empties. */
        ContactPatch: {
            /**
             * @description The fields that are named; `null` removes one.
             * @default {}
             * @example {
             *       "city": "Nairobi"
             *     }
             */
            attributes?: {
                [key: string]: unknown;
            };
            /**
             * @description As in [`NewContact`].
             * @default null
             */
            email?: string | null;
            /**
             * @description As in [`NewContact`].
             * @default null
             */
            language?: string | null;
            /**
             * @description As in [`NewContact`].
             * @default null
             */
            name?: string | null;
            /**
             * @description As in [`NewContact`].
             * @default null
             */
            phone?: string | null;
            /**
             * @description All of them, in place of those there are.
             * @default null
             */
            tags?: string[] | null;
        };
        ContactTags: {
            /**
             * @description By name. New names become tags of the workspace.
             * @example [
             *       "vip"
             *     ]
             */
            tags: string[];
        };
        /** @description A contact as an admin sees it. */
        ContactView: {
            /**
             * @description The custom fields by key.
             * @example {
             *       "city": "Nairobi"
             *     }
             */
            attributes: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description Since when nothing is said to them.
             */
            blocked_at?: string | null;
            /**
             * @description ISO 3166, by the phone.
             * @example KE
             */
            country?: string | null;
            /**
             * Format: date-time
             * @description When they were made.
             */
            created_at: string;
            /**
             * @description In lower case.
             * @example amina@example.com
             */
            email?: string | null;
            id: components["schemas"]["ContactId"];
            /**
             * @description A language of ours.
             * @example en
             */
            language?: string | null;
            /**
             * Format: date-time
             * @description When they last wrote; else when they were made.
             */
            last_activity_at: string;
            /** @description Whether they want marketing; `null` when they have never said. */
            marketing?: boolean | null;
            /**
             * @description What they are called.
             * @example Amina Otieno
             */
            name?: string | null;
            /**
             * @description E.164. Absent for a contact who shows only a user id.
             * @example +254712345678
             */
            phone?: string | null;
            /**
             * Format: date-time
             * @description When the greeting was done.
             */
            registered_at?: string | null;
            /**
             * @description By name, in order.
             * @example [
             *       "vip"
             *     ]
             */
            tags: string[];
            /**
             * Format: date-time
             * @description When they were last changed.
             */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with every change.
             */
            version: number;
        };
        /** @example sco_0190a5b2c3d4e5f60718293a4b5c6d7e */
        ContentId: string;
        /** @description A conversation of the inbox. */
        Conversation: {
            /**
             * Format: int64
             * @description How often the bot or a member has answered.
             */
            answers: number;
            assignee_id?: components["schemas"]["UserId"] | null;
            channel_id: components["schemas"]["ChannelId"];
            contact_id: components["schemas"]["ContactId"];
            /** @example Amina Otieno */
            contact_name?: string | null;
            /**
             * @description E.164. Null for a contact who shows only a user id.
             * @example +254712345678
             */
            contact_phone?: string | null;
            /** Format: date-time */
            created_at: string;
            /** @description A person answers, and the bot is silent. */
            handed_over: boolean;
            id: components["schemas"]["ConversationId"];
            /**
             * Format: date-time
             * @description When the customer, the bot or a member last wrote. Campaigns and notices do not count.
             */
            last_activity_at: string;
            /**
             * Format: date-time
             * @description When the bot or a member last answered.
             */
            last_answer_at?: string | null;
            last_message?: components["schemas"]["LastMessage"] | null;
            /**
             * Format: date-time
             * @description The bot is silent until this time, because somebody of the business has written on their phone.
             */
            quiet_until?: string | null;
            /** Format: date-time */
            snoozed_until?: string | null;
            status: components["schemas"]["ConversationStatus"];
            /**
             * Format: int32
             * @description The customer's messages that no member has read.
             */
            unread: number;
            /**
             * Format: date-time
             * @description The time of the customer's first message without an answer. While a person is to answer, a text of the bot is none.
             */
            waiting_since?: string | null;
        };
        ConversationAssignee: {
            assignee_id?: components["schemas"]["UserId"] | null;
        };
        /** @example cnv_0190a5b2c3d4e5f60718293a4b5c6d7e */
        ConversationId: string;
        /** @description A note for members. The customer never gets it. */
        ConversationNote: {
            /**
             * Format: uuid
             * @description The user or the API key that wrote it.
             */
            author_id?: string | null;
            body: string;
            conversation_id: components["schemas"]["ConversationId"];
            /** Format: date-time */
            created_at: string;
            id: components["schemas"]["NoteId"];
        };
        /**
         * @description Whether members still have to see to a conversation.
         * @enum {string}
         */
        ConversationStatus: "open" | "snoozed" | "closed";
        /** @description A ticket as its customer sees it. */
        CustomerTicket: {
            /** Format: date-time */
            closed_at?: string | null;
            /** Format: date-time */
            created_at: string;
            id: components["schemas"]["TicketId"];
            /**
             * Format: int64
             * @example 12
             */
            number: number;
            /**
             * Format: date-time
             * @description When it was resolved, or closed without that.
             */
            resolved_at?: string | null;
            /**
             * @description How far a ticket has come.
             * @enum {string}
             */
            status: "open" | "pending" | "resolved" | "closed";
            /** @example No picture */
            subject: string;
        };
        /** @description A customer, for themselves. */
        CustomerView: {
            id: components["schemas"]["ContactId"];
            /** @example en */
            language?: string | null;
            name?: string | null;
            /** @example +254712345678 */
            phone?: string | null;
            workspace_id: components["schemas"]["WorkspaceId"];
        };
        /** @description The figures of a period, up to and including a day. */
        DashboardStats: {
            /** @description Contacts who wrote, each once. */
            active_contacts: components["schemas"]["Compared"];
            ai_calls: components["schemas"]["Compared"];
            /** @description In millionths of a US dollar. */
            ai_cost_micro: components["schemas"]["Compared"];
            /**
             * Format: date
             * @description The days with which they are compared.
             */
            before_from: string;
            /** Format: date */
            before_until: string;
            best: components["schemas"]["Best"];
            bookings: components["schemas"]["Compared"];
            conversations: components["schemas"]["Compared"];
            /**
             * Format: date
             * @description The days, on the clocks of the workspace.
             */
            from: string;
            messages_in: components["schemas"]["Compared"];
            messages_out: components["schemas"]["Compared"];
            new_contacts: components["schemas"]["Compared"];
            /** @description Orders that were placed, paid or not. */
            orders: components["schemas"]["Compared"];
            /**
             * Format: int64
             * @description Orders that wait for their payment now.
             * @example 4
             */
            pending_orders: number;
            period: components["schemas"]["AnalyticsPeriod"];
            /** @description One line for each currency. */
            revenue: components["schemas"]["Revenue"][];
            /**
             * @description IANA.
             * @example Africa/Nairobi
             */
            time_zone: string;
            /** Format: date */
            until: string;
        };
        /** @description The figures of a day. */
        DayFigures: {
            /** Format: int64 */
            active_contacts: number;
            /** Format: int64 */
            ai_calls: number;
            /**
             * Format: int64
             * @description In millionths of a US dollar.
             */
            ai_cost_micro: number;
            /** Format: int64 */
            bookings: number;
            /** Format: int64 */
            conversations: number;
            /** Format: date */
            day: string;
            /** Format: int64 */
            messages_in: number;
            /**
             * Format: int64
             * @description By the bot, a member, a campaign and so on.
             */
            messages_out: number;
            /** Format: int64 */
            new_contacts: number;
            /** Format: int64 */
            orders: number;
            revenue: components["schemas"]["FigureMoney"][];
        };
        DayHours: {
            /** @description Empty: closed. */
            hours: components["schemas"]["Hours"][];
        };
        /** @example dlv_0190a5b2c3d4e5f60718293a4b5c6d7e */
        DeliveryId: string;
        /**
         * @description What became of a delivery.
         * @enum {string}
         */
        DeliveryState: "pending" | "succeeded" | "failed" | "cancelled";
        /** @example dif_0190a5b2c3d4e5f60718293a4b5c6d7e */
        DifferenceId: string;
        /** @example dig_0190a5b2c3d4e5f60718293a4b5c6d7e */
        DigestId: string;
        /**
         * @description How far a digest has come.
         * @enum {string}
         */
        DigestStatus: "due" | "chosen" | "sent" | "empty" | "skipped" | "unreachable";
        /** @description A document, without its text. */
        Document: {
            /**
             * @description The address of the page.
             * @example https://example.com/delivery
             */
            address?: string | null;
            /**
             * @description The SHA-256 of the text in hexadecimal. A program that imports documents sees from it what has changed.
             * @example d04b98f48e8f8bcc15c6ae5ac050801cd6dcfd428fb5f9e65c4e16e7807340fa
             */
            body_sha256: string;
            /** Format: date-time */
            created_at: string;
            /**
             * @description Why the page could not be read.
             * @example the page answered with status 404
             */
            failure?: string | null;
            /**
             * Format: date-time
             * @description The time at which the page was read last.
             */
            fetched_at?: string | null;
            format: components["schemas"]["KnowledgeFormat"];
            id: components["schemas"]["DocumentId"];
            /**
             * @description The language of the text: `en`, `fr`, `es`, `pt`, `ar` or `hi`.
             * @example en
             */
            language: string;
            /**
             * Format: int64
             * @description The number of pieces.
             */
            pieces: number;
            source: components["schemas"]["KnowledgeSource"];
            state: components["schemas"]["KnowledgeState"];
            /** @example Delivery */
            title: string;
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change. The `ETag` is made of it.
             * @example 3
             */
            version: number;
        };
        /** @example doc_0190a5b2c3d4e5f60718293a4b5c6d7e */
        DocumentId: string;
        /** @description A document with its text. */
        DocumentText: components["schemas"]["Document"] & {
            body: string;
        };
        /** @description Where a business is told what happens. */
        Endpoint: {
            /** Format: date-time */
            created_at: string;
            /** @example Orders to the accounts */
            description: string;
            enabled: boolean;
            /**
             * @description `null`: all.
             * @example [
             *       "order.paid"
             *     ]
             */
            event_types?: string[] | null;
            /**
             * Format: date-time
             * @description The first failure since the last success.
             */
            failing_since?: string | null;
            id: components["schemas"]["EndpointId"];
            /**
             * Format: date-time
             * @description Until then the secret before the last rotation signs too.
             */
            old_secret_until?: string | null;
            stopped?: components["schemas"]["EndpointStopped"] | null;
            /** Format: date-time */
            updated_at: string;
            /** @example https://n8n.example.com/webhook/kazi */
            url: string;
        };
        /** @description One call of an endpoint. */
        EndpointAttempt: {
            /** @description The first 1,024 bytes of the answer. */
            answer: string;
            /** Format: date-time */
            at: string;
            /**
             * Format: int32
             * @example 87
             */
            duration_ms: number;
            /**
             * @description Why it failed.
             * @example the endpoint did not answer within 10 seconds
             */
            error?: string | null;
            /**
             * Format: int32
             * @example 1
             */
            number: number;
            /**
             * Format: int32
             * @description `null`: there was no answer.
             * @example 200
             */
            status_code?: number | null;
        };
        /** @description An event on its way to one endpoint. */
        EndpointDelivery: {
            /**
             * Format: int32
             * @description Calls so far.
             * @example 1
             */
            attempts: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            ended_at?: string | null;
            endpoint_id: components["schemas"]["EndpointId"];
            /** @description The `webhook-id` of its calls. */
            event_id: components["schemas"]["AnnouncementId"];
            /** @example order.paid */
            event_type: string;
            id: components["schemas"]["DeliveryId"];
            /**
             * Format: date-time
             * @description When the next call is due, while it is pending.
             */
            next_attempt_at?: string | null;
            state: components["schemas"]["DeliveryState"];
        };
        /** @description A delivery with what was sent and what was answered. */
        EndpointDeliveryDetails: components["schemas"]["EndpointDelivery"] & {
            /** @description Its calls, oldest first. */
            log: components["schemas"]["EndpointAttempt"][];
            /** @description The body of its calls. */
            payload: Record<string, never>;
        };
        /** @example whk_0190a5b2c3d4e5f60718293a4b5c6d7e */
        EndpointId: string;
        /** @description Fields that are left out stay. */
        EndpointPatch: {
            /**
             * @description Up to 200 characters.
             * @default null
             * @example Orders to the accounts
             */
            description?: string | null;
            /**
             * @description Switches it on or off. What happens meanwhile is not delivered.
             * @default null
             */
            enabled?: boolean | null;
            /**
             * @description Types of events. `null`: all.
             * @default null
             * @example [
             *       "order.paid"
             *     ]
             */
            event_types?: string[] | null;
            /**
             * @description An https address on the internet.
             * @default null
             * @example https://n8n.example.com/webhook/kazi
             */
            url?: string | null;
        };
        EndpointReplay: {
            /**
             * Format: date-time
             * @description Events from this time on. Kazi keeps them for 30 days.
             */
            since: string;
        };
        EndpointReplayed: {
            /**
             * Format: int64
             * @description The number of deliveries that begin anew.
             * @example 12
             */
            deliveries: number;
        };
        /**
         * @description Why Kazi has switched an endpoint off.
         * @enum {string}
         */
        EndpointStopped: "gone" | "failing";
        EndpointTest: {
            /** @example order.paid */
            event_type: string;
        };
        /** @description An endpoint with a new secret, which is not shown again. */
        EndpointWithSecret: components["schemas"]["Endpoint"] & {
            /**
             * @description Signs its calls: `whsec_` and 32 bytes in base64.
             * @example whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw…
             */
            secret: string;
        };
        /** @description A type of events. */
        EventType: {
            /**
             * @description When it happens.
             * @example An order is paid.
             */
            description: string;
            /** @description The body of a call. */
            example: Record<string, never>;
            /** @example order.paid */
            type: string;
        };
        /**
         * @description What becomes of contacts that are there already.
         * @enum {string}
         */
        Existing: "update" | "skip";
        /** @description A custom field as its workspace has declared it. */
        Field: {
            /** @description Of a choice. */
            choices?: string[];
            /**
             * @description Small letters, digits and underscores.
             * @example city
             */
            key: string;
            /** @description What values it has. */
            kind: components["schemas"]["FieldKind"];
            /**
             * @description What people call it.
             * @example City
             */
            label: string;
        };
        /** @description A custom field. */
        FieldBody: {
            /** @description For a choice: 1 to 100 values. */
            choices?: string[];
            /** @description The kind of its values. It never changes. */
            kind: components["schemas"]["FieldKind"];
            /**
             * @description The name that members see.
             * @example City
             */
            label: string;
        };
        /** @description A violation of one field. */
        FieldError: {
            /**
             * @description Stable, for programs.
             * @example invalid
             */
            code: string;
            detail: string;
            /**
             * @description A JSON pointer into the body, or `/` and the query's key.
             * @example /phone
             */
            pointer: string;
        };
        /**
         * @description What values a custom field has.
         * @enum {string}
         */
        FieldKind: "text" | "number" | "date" | "boolean" | "choice";
        /** @description Money in one currency. */
        FigureMoney: {
            /**
             * @description ISO 4217.
             * @example KES
             */
            currency: string;
            /**
             * Format: int64
             * @description In minor units.
             * @example 250000
             */
            minor: number;
        };
        /** @description Opening hours within one day. */
        Hours: {
            /**
             * @description Local time.
             * @example 09:00
             */
            from: string;
            /**
             * @description Must be after `from`. 24:00 is the end of the day.
             * @example 17:30
             */
            until: string;
        };
        /** @example imp_0190a5b2c3d4e5f60718293a4b5c6d7e */
        ImportId: string;
        /** @description How a file is to be imported. */
        ImportOptions: {
            /**
             * @description Headers and what their columns are: name, first_name, middle_name, last_name, phone, email, language, tags, marketing,
             *     opt_out, blocked, `attributes.` and a key, or ignore. Columns that are not named are known by their headers.
             * @default {}
             * @example {
             *       "Town": "attributes.city"
             *     }
             */
            columns?: {
                [key: string]: string;
            };
            /**
             * @description Where these people have consented to marketing: then it is noted for those who have never said, and for whom the
             *     file has no “no” and no empty cell in a column of consents. An import does not take back that somebody wants none.
             * @default null
             */
            consent?: string | null;
            /**
             * @description ISO 3166: of phones without a country. The workspace's, if none is named.
             * @default null
             * @example KE
             */
            country?: string | null;
            /**
             * @description The encoding of a text file, such as `windows-1256`. Default: Kazi recognises it. If Kazi is not sure, or if names
             *     look garbled, the import fails.
             * @default null
             * @example windows-1256
             */
            encoding?: string | null;
            /**
             * @description What becomes of contacts that are there. Default: `update`, which also changes names.
             * @default update
             */
            existing?: components["schemas"]["Existing"];
            /**
             * @description Tags for every contact of the file.
             * @default []
             */
            tags?: string[];
        };
        /** @description An import and how far it is. */
        ImportView: {
            /** Format: int64 */
            bytes: number;
            /** Format: date-time */
            created_at: string;
            error?: string | null;
            /**
             * @description As it was called.
             * @example contacts.csv
             */
            file_name: string;
            /** Format: date-time */
            finished_at?: string | null;
            id: components["schemas"]["ImportId"];
            options: components["schemas"]["ImportOptions"];
            /**
             * @description How Kazi reads the file: its kind, its encoding and delimiter, or its sheet. Known once the file is open.
             * @example CSV with “;” in windows-1256
             */
            read_as?: string | null;
            /**
             * Format: int64
             * @description Rows that broke a rule, and were not imported.
             */
            rows_bad: number;
            /**
             * Format: int64
             * @description Rows that made a new contact.
             */
            rows_created: number;
            /**
             * Format: int64
             * @description Those that have been dealt with.
             */
            rows_done: number;
            /**
             * Format: int64
             * @description Rows that were imported without one of their values, or that have the phone of an earlier row.
             */
            rows_remarked: number;
            /**
             * Format: int64
             * @description Of these contacts, those who had another name before.
             */
            rows_renamed: number;
            /**
             * Format: int64
             * @description Left as they were.
             */
            rows_skipped: number;
            /**
             * Format: int64
             * @description Known once the file has been looked through.
             */
            rows_total?: number | null;
            /**
             * Format: int64
             * @description Contacts that were there and were changed; a second row of one phone counts here too.
             */
            rows_updated: number;
            /** Format: date-time */
            started_at?: string | null;
            /**
             * @description queued, running, done, failed, cancelled.
             * @example running
             */
            status: string;
        };
        /** @example inv_0190a5b2c3d4e5f60718293a4b5c6d7e */
        InvitationId: string;
        /** @description The token from the letter. */
        InvitationToken: {
            /** @description 64 characters. */
            token: string;
        };
        /** @description An invitation as the members see it. */
        InvitationView: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            email: string;
            /** Format: date-time */
            expires_at: string;
            id: components["schemas"]["InvitationId"];
            invited_by_id?: components["schemas"]["UserId"] | null;
            /**
             * @description The language of the letter.
             * @example fr
             */
            language: string;
            /** @description The role of the new member. */
            role: components["schemas"]["Role"];
            /**
             * @description `open`, `accepted`, `declined` or `revoked`.
             * @example open
             */
            status: string;
        };
        Invite: {
            /**
             * Format: email
             * @description Where the invitation goes: the user who accepts it must have this address.
             * @example amina@example.com
             */
            email: string;
            /**
             * @description The language of the letter: `en`, `fr`, `es`, `pt`, `ar` or `hi`. Without one, the workspace's default.
             * @example fr
             */
            language?: string | null;
            /** @description The role of the new member: at most the inviter's own. */
            role: components["schemas"]["Role"];
        };
        /**
         * @description Why a line of a cart cannot be ordered.
         * @enum {string}
         */
        ItemProblem: "unavailable" | "out_of_stock" | "other_currency";
        /** @description The new membership. */
        Joined: {
            workspace_id: components["schemas"]["WorkspaceId"];
        };
        /**
         * @description The form of a document's text.
         * @enum {string}
         */
        KnowledgeFormat: "text" | "markdown" | "questions";
        /**
         * @description Where the text of a document is from.
         * @enum {string}
         */
        KnowledgeSource: "text" | "pdf" | "web";
        /**
         * @description How far a document is.
         * @enum {string}
         */
        KnowledgeState: "fetching" | "ready" | "failed";
        /** @description The name that a channel has for a contact. */
        KnownAs: {
            channel_id: components["schemas"]["ChannelId"];
            /** @description user, chat. */
            kind: string;
            /** @description A user id, a WhatsApp id or a chat. */
            name: string;
            /**
             * Format: date-time
             * @description When it was first seen.
             */
            since: string;
        };
        /** @description The last message of a conversation, in a list. */
        LastMessage: {
            /** Format: date-time */
            created_at: string;
            /**
             * @description `in`: from the customer. `out`: to the customer.
             * @example in
             */
            direction: string;
            id: components["schemas"]["MessageId"];
            /** @description The first 200 characters of the text that a person reads. */
            text: string;
        };
        /** @description The sum of an account in a currency. */
        LedgerBalance: {
            /**
             * @description As in the entries.
             * @example stripe
             */
            account: string;
            /**
             * Format: int64
             * @description Minor units. Debit is positive, credit negative.
             * @example 121200
             */
            amount_minor: number;
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
        };
        /** @description An entry for members. */
        LedgerEntry: {
            /**
             * @description `stripe`, `sales`, `refunds`, `fees`, `unmatched`, `bank`, `adjustments` or `exchange`.
             * @example stripe
             */
            account: string;
            /**
             * Format: int64
             * @description Minor units. Debit is positive, credit negative.
             * @example 1250
             */
            amount_minor: number;
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            /** Format: date-time */
            happened_at: string;
            /**
             * @description `charge`, `fee`, `refund`, `refund_failed`, `payout`, `exchange` or `adjustment`.
             * @example charge
             */
            kind: string;
            payment_id?: components["schemas"]["PaymentId"] | null;
            /**
             * @description The event outside.
             * @example charge:pi_3MtwBwLkdIwHu7ix28a3tqPa
             */
            reference: string;
            /**
             * Format: uuid
             * @description The transaction of the entry.
             */
            transaction_id: string;
        };
        /** @description Something that has happened in a workspace. */
        LiveEvent: {
            /** Format: date-time */
            created_at: string;
            /** @description Ids and the status. */
            data: Record<string, never>;
            /**
             * Format: int64
             * @description The same when the event comes twice.
             */
            id: number;
            /**
             * @description `message.received`, `message.sent`, `message.status`, `conversation.assigned`, `conversation.closed`,
             *     `conversation.reopened`, `conversation.changed`, and `created` or `changed` of `ticket`, `order`, `payment`,
             *     `booking` and `campaign`.
             * @example message.received
             */
            kind: string;
        };
        /** @description E-mail and password. */
        LogIn: {
            /**
             * Format: email
             * @description The address.
             * @example amina@example.com
             */
            email: string;
            /**
             * Format: password
             * @description The password.
             * @example maize kettle orbit
             */
            password: string;
        };
        /** @description The outcome of a log-in. */
        LogInAnswer: (components["schemas"]["SessionTokens"] & {
            /** @enum {string} */
            status: "logged_in";
        }) | {
            /** @description Good for one log-in within five minutes. */
            challenge: string;
            /** Format: date-time */
            expires_at: string;
            /** @enum {string} */
            status: "totp_required";
        } | {
            /** @enum {string} */
            status: "verification_required";
        };
        LogInTotp: {
            /**
             * Format: password
             * @description The challenge from the answer to the password.
             */
            challenge: string;
            /**
             * Format: password
             * @description From the authenticator, or a recovery code.
             * @example 123456
             */
            code: string;
        };
        /** @description The number of marked notifications. */
        Marked: {
            /**
             * Format: int64
             * @example 3
             */
            marked: number;
        };
        /** @description A user, for themselves. */
        Me: components["schemas"]["UserView"] & {
            /**
             * Format: int64
             * @description The number of recovery codes that are left.
             */
            recovery_codes: number;
            /**
             * @description The role in this workspace.
             * @example admin
             */
            role?: string | null;
            session_id: components["schemas"]["SessionId"];
            workspace_id?: components["schemas"]["WorkspaceId"] | null;
        };
        /** @description A file: a stored one, or one with a public address. */
        MediaAnswer: {
            /** @description Text under the file. Audio and a sticker have none. */
            caption?: string | null;
            /**
             * @description The name of a document at the link, as the customer sees it. A stored file has its own name.
             * @example invoice.pdf
             */
            file_name?: string | null;
            id?: components["schemas"]["MediaId"] | null;
            /** @description What is at the link. A stored file has its own kind. */
            kind?: ("image" | "video" | "audio" | "document" | "sticker") | null;
            /**
             * @description A public https URL, in place of the id.
             * @example https://example.com/invoice.pdf
             */
            link?: string | null;
        };
        /** @description A file. */
        MediaFile: {
            /**
             * Format: int64
             * @description Its size.
             */
            bytes?: number | null;
            contact_id?: components["schemas"]["ContactId"] | null;
            /** Format: date-time */
            created_at: string;
            id: components["schemas"]["MediaId"];
            kind: components["schemas"]["MediaKind"];
            /**
             * @description The type, by its content. `application/octet-stream`: nobody can tell.
             * @example image/jpeg
             */
            mime?: string | null;
            /**
             * @description The sender's name of the file.
             * @example invoice.pdf
             */
            name?: string | null;
            reason?: components["schemas"]["MediaReason"] | null;
            /** @description The hash of its bytes, in hex. */
            sha256?: string | null;
            state: components["schemas"]["MediaState"];
        };
        /** @example med_0190a5b2c3d4e5f60718293a4b5c6d7e */
        MediaId: string;
        /**
         * @description The kind of a file in the chat.
         * @enum {string}
         */
        MediaKind: "image" | "video" | "audio" | "document" | "sticker";
        /** @description A link to a file. */
        MediaLink: {
            /** Format: date-time */
            expires_at: string;
            /**
             * @description Anybody who has it gets the file, until it expires.
             * @example https://kazi.example.com/media/med_0190…?expires=1764423600&signature=…
             */
            url: string;
        };
        /**
         * @description Why nobody gets the file.
         * @enum {string}
         */
        MediaReason: "too_large" | "empty" | "damaged" | "mismatch" | "infected" | "unscanned" | "address" | "unreachable" | "expired" | "no_channel" | "retention" | "erased" | "deleted";
        /**
         * @description What became of a file.
         * @enum {string}
         */
        MediaState: "fetching" | "stored" | "quarantined" | "refused" | "gone";
        Member: {
            /**
             * Format: date-time
             * @description When the member joined.
             */
            created_at: string;
            /**
             * @description `null` when the account is deleted.
             * @example amina@example.com
             */
            email?: string | null;
            id: components["schemas"]["UserId"];
            /** @example Amina Otieno */
            name?: string | null;
            role: components["schemas"]["Role"];
            /**
             * Format: date-time
             * @description Since when the member is suspended. `null`: they are not.
             */
            suspended_at?: string | null;
            /**
             * Format: date-time
             * @description When the role was last changed.
             */
            updated_at: string;
        };
        Membership: {
            /**
             * Format: date-time
             * @description When it was deleted. It is not purged yet, so its owners can restore it.
             */
            deleted_at?: string | null;
            /**
             * @description The name of the business.
             * @example Zuri Shop
             */
            name: string;
            role: components["schemas"]["Role"];
            workspace_id: components["schemas"]["WorkspaceId"];
        };
        /** @description A key of a menu item that opens a part of the chat. */
        MenuAction: {
            /** @example shop */
            key: string;
        };
        MenuItem: {
            /** @description Whether customers see it. */
            active: boolean;
            /** Format: date-time */
            created_at: string;
            /**
             * @description Texts by language.
             * @example {
             *       "en": "When we are there"
             *     }
             */
            descriptions: {
                [key: string]: string;
            };
            id: components["schemas"]["MenuItemId"];
            /**
             * @description What a tap does. A key of `/api/v1/menu-items/actions` opens that part of the chat. Any other key makes the item a
             *     question, which a model answers.
             * @example hours
             */
            key: string;
            /**
             * Format: int32
             * @description Items are sorted by this number, and by the key.
             */
            sort_order: number;
            /**
             * @description Texts by language.
             * @example {
             *       "en": "Opening hours"
             *     }
             */
            titles: {
                [key: string]: string;
            };
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change. The `ETag` is made of it.
             * @example 3
             */
            version: number;
        };
        /** @example mit_0190a5b2c3d4e5f60718293a4b5c6d7e */
        MenuItemId: string;
        /** @description Fields that are left out stay. */
        MenuItemPatch: {
            /** @description Whether customers see it. At most 10 items are active. */
            active?: boolean | null;
            /**
             * @description Replaces all descriptions.
             * @example {
             *       "en": "When we are there"
             *     }
             */
            descriptions?: {
                [key: string]: string;
            } | null;
            /**
             * @description What a tap does.
             * @example hours
             */
            key?: string | null;
            /** Format: int32 */
            sort_order?: number | null;
            /**
             * @description Replaces all titles.
             * @example {
             *       "en": "Opening hours"
             *     }
             */
            titles?: {
                [key: string]: string;
            } | null;
        };
        MergeInto: {
            /** @description The contact that stays. */
            into_id: components["schemas"]["ContactId"];
        };
        MergeTagInto: {
            /** @description The tag that stays. */
            into_id: components["schemas"]["TagId"];
        };
        /** @description A message as members see it. */
        Message: {
            /**
             * Format: date-time
             * @description When the provider accepted it.
             */
            accepted_at?: string | null;
            /**
             * Format: uuid
             * @description The user or the API key that wrote it, for the cause `agent`.
             */
            author_id?: string | null;
            /**
             * @description Why it was written: `customer`, `bot`, `ai`, `agent`, `campaign`, `reminder`, `news`, `order` or `system`.
             * @example customer
             */
            cause: string;
            /** @description Out: the parts of the message. In: the tapped choice, or the attachment. */
            content: Record<string, never>;
            conversation_id: components["schemas"]["ConversationId"];
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description When it reached the phone.
             */
            delivered_at?: string | null;
            /**
             * @description `in`: from the customer. `out`: to the customer.
             * @example in
             */
            direction: string;
            /**
             * Format: int64
             * @description The provider's code, for a failure.
             */
            error_code?: number | null;
            /** @description Why it has failed. */
            error_detail?: string | null;
            /** Format: date-time */
            failed_at?: string | null;
            id: components["schemas"]["MessageId"];
            /**
             * @description `text`, `image`, `buttons`, `list`, `template` …
             * @example text
             */
            kind: string;
            media?: components["schemas"]["MessageMedia"] | null;
            /**
             * Format: date-time
             * @description When the contact read it.
             */
            read_at?: string | null;
            /**
             * Format: date-time
             * @description When the request left.
             */
            sending_at?: string | null;
            /**
             * Format: date-time
             * @description When the provider sent it.
             */
            sent_at?: string | null;
            /**
             * @description In: `received`. Out: `queued`, `sending`, `accepted`, `sent`, `delivered`, `read` or `failed`.
             * @example received
             */
            status: string;
            /** @description The text that a person reads. */
            text: string;
        };
        /** @example msg_0190a5b2c3d4e5f60718293a4b5c6d7e */
        MessageId: string;
        /** @description The file of a message. */
        MessageMedia: {
            /**
             * Format: int64
             * @description Its size.
             */
            bytes?: number | null;
            id: components["schemas"]["MediaId"];
            kind: components["schemas"]["MediaKind"];
            link?: components["schemas"]["MediaLink"] | null;
            /**
             * @description The type, by its content.
             * @example image/jpeg
             */
            mime?: string | null;
            /**
             * @description The sender's name of the file.
             * @example invoice.pdf
             */
            name?: string | null;
            reason?: components["schemas"]["MediaReason"] | null;
            state: components["schemas"]["MediaState"];
        };
        /** @description The outcome of a message. */
        MessageOutcome: {
            /**
             * Format: date-time
             * @description When it reached the phone.
             */
            delivered_at?: string | null;
            /**
             * Format: int64
             * @description The provider's code, for a failure.
             */
            error_code?: number | null;
            id: components["schemas"]["MessageId"];
            /**
             * Format: date-time
             * @description When the contact read it.
             */
            read_at?: string | null;
            /**
             * Format: date-time
             * @description When the request left.
             */
            sending_at?: string | null;
            /** @description queued, sending, accepted, sent, delivered, read, failed. */
            status: string;
        };
        MessagePrice: {
            category: components["schemas"]["TemplateCategory"];
            /**
             * @description ISO 3166, or `*` for all countries without a price of their own.
             * @example KE
             */
            country: string;
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            /**
             * Format: int64
             * @description Millionths of the currency's unit.
             * @example 22500
             */
            micros: number;
        };
        Move: {
            provider_id?: components["schemas"]["StaffId"] | null;
            /**
             * Format: date-time
             * @description The new beginning: a whole minute.
             */
            starts_at: string;
        };
        /** @description A key to be made. */
        NewApiKey: {
            /**
             * Format: date-time
             * @description When it ends; never, without.
             */
            expires_at?: string | null;
            /**
             * @description What it is for: 1 to 100 characters.
             * @example Website
             */
            name: string;
            /**
             * @description Names of permissions: at least one.
             * @example [
             *       "contacts.read"
             *     ]
             */
            scopes: string[];
        };
        NewArticle: {
            /** @description The author. */
            author?: string | null;
            /**
             * @description Plain text.
             * @example From Monday on a ferry runs twice a day.
             */
            body: string;
            /** @description Whether all readers of its topics get it at once. */
            breaking?: boolean;
            /**
             * @description The id at the article's source. A repeated article is not created again.
             * @example wire-20817
             */
            external_id?: string | null;
            /**
             * @description The https address of a picture.
             * @example https://news.example/ferry.jpg
             */
            image_url?: string | null;
            /**
             * @description The language of the text. Default: the workspace's language.
             * @example en
             */
            language?: string | null;
            /**
             * Format: date-time
             * @description Readers get it from this time on. Without it, the article is a draft, unless it is breaking news.
             */
            published_at?: string | null;
            /**
             * @description The publisher.
             * @example The Island Post
             */
            source?: string | null;
            /** @example New ferry links the islands */
            title: string;
            /**
             * @description See `GET /api/v1/news/topics`.
             * @example [
             *       "local"
             *     ]
             */
            topics: string[];
            /**
             * @description The https address of the article.
             * @example https://news.example/ferry
             */
            url: string;
        };
        NewArticles: {
            /** @description 1 to 100 articles. All are created, or none. */
            articles: components["schemas"]["NewArticle"][];
        };
        NewBooking: {
            contact_id: components["schemas"]["ContactId"];
            /** @description A remark for the members. */
            note?: string | null;
            offering_id: components["schemas"]["OfferingId"];
            provider_id: components["schemas"]["StaffId"];
            /**
             * Format: date-time
             * @description A whole minute.
             */
            starts_at: string;
        };
        NewCampaign: {
            audience?: components["schemas"]["Audience"] | null;
            /** @description The channel that sends it. */
            channel_id: components["schemas"]["ChannelId"];
            content: components["schemas"]["CampaignContent"];
            /**
             * @description The name that members see.
             * @example Spring offer
             */
            name: string;
            segment_id?: components["schemas"]["SegmentId"] | null;
        };
        NewCannedReply: {
            /**
             * @description What a member types to get the text: small letters, digits, hyphens and underscores.
             * @example hours
             */
            code: string;
            /**
             * @description Texts of 1 to 4,096 characters by language, at least one.
             * @example {
             *       "en": "We open at 8:00."
             *     }
             */
            texts: {
                [key: string]: string;
            };
        };
        NewCategory: {
            /**
             * @description The name in web addresses: small letters, digits and hyphens.
             * @example coffee
             */
            slug: string;
            /**
             * Format: int32
             * @description Categories are sorted by this number.
             */
            sort_order?: number;
            /**
             * @description Texts by language, at least one.
             * @example {
             *       "en": "Coffee"
             *     }
             */
            titles: {
                [key: string]: string;
            };
        };
        NewChannel: {
            /**
             * @description WhatsApp: the business account (WABA), digits.
             * @example 102290129340398
             */
            account_id?: string | null;
            /** @description WhatsApp: signs the webhooks. Needed unless the program has one for all channels. */
            app_secret?: string | null;
            /**
             * @description The phone number id or the instance id: digits.
             * @example 106540352242922
             */
            external_id: string;
            /** @description `whatsapp` or `greenapi`. */
            kind: components["schemas"]["ChannelKind"];
            /**
             * @description 1 to 100 characters.
             * @example Front desk
             */
            name: string;
            /** @description The token for sending. It is never shown again. */
            token: string;
        };
        /** @description A contact to be made. It has at least a name, a phone or an e-mail address. */
        NewContact: {
            /**
             * @description Custom fields that the workspace has declared.
             * @default {}
             * @example {
             *       "city": "Nairobi"
             *     }
             */
            attributes?: {
                [key: string]: unknown;
            };
            /**
             * @description Like name@example.com.
             * @default null
             * @example amina@example.com
             */
            email?: string | null;
            /**
             * @description A language of ours.
             * @default null
             * @example en
             */
            language?: string | null;
            /**
             * @description At most 200 characters.
             * @default null
             * @example Amina Otieno
             */
            name?: string | null;
            /**
             * @description International, or of the workspace's country.
             * @default null
             * @example +254712345678
             */
            phone?: string | null;
            /**
             * @description At most 50; those that are new are made.
             * @default []
             * @example [
             *       "vip"
             *     ]
             */
            tags?: string[];
        };
        NewDocument: {
            /**
             * @example # Costs
             *     Delivery in Nairobi is free.
             */
            body: string;
            format: components["schemas"]["KnowledgeFormat"];
            /**
             * @description The language of the text: `en`, `fr`, `es`, `pt`, `ar` or `hi`.
             * @example en
             */
            language: string;
            /** @example Delivery */
            title: string;
        };
        NewEndpoint: {
            /**
             * @description What it is for: up to 200 characters.
             * @example Orders to the accounts
             */
            description?: string;
            /**
             * @description Types of events. `null` or left out: all, also those of later versions.
             * @example [
             *       "order.paid"
             *     ]
             */
            event_types?: string[] | null;
            /**
             * @description An https address on the internet.
             * @example https://n8n.example.com/webhook/kazi
             */
            url: string;
        };
        /** @description A file and what is said of it. */
        NewMediaFile: {
            contact_id?: components["schemas"]["ContactId"] | null;
            /**
             * Format: binary
             * @description The file, with its type and its name.
             */
            file: string;
        };
        NewMenuItem: {
            /** @description Whether customers see it. At most 10 items are active. */
            active?: boolean;
            /**
             * @description Texts by language, each of at most 72 characters.
             * @example {
             *       "en": "When we are there"
             *     }
             */
            descriptions?: {
                [key: string]: string;
            };
            /**
             * @description What a tap does: small letters, digits, hyphens and underscores. See `/api/v1/menu-items/actions`.
             * @example hours
             */
            key: string;
            /**
             * Format: int32
             * @description Items are sorted by this number, and by the key.
             */
            sort_order?: number;
            /**
             * @description Texts by language, at least one, each of at most 24 characters. WhatsApp shows at most 20 characters of each when
             *     the menu has at most three items.
             * @example {
             *       "en": "Opening hours"
             *     }
             */
            titles: {
                [key: string]: string;
            };
        };
        /** @description A member's answer: a text, a file, a product or a template. */
        NewMessage: {
            /**
             * Format: int64
             * @description The conversation's `answers` that the member has seen. With another number now the answer is refused: the bot or
             *     another member has answered meanwhile.
             */
            answers_seen?: number | null;
            media?: components["schemas"]["MediaAnswer"] | null;
            product_id?: components["schemas"]["ProductId"] | null;
            template?: components["schemas"]["TemplateAnswer"] | null;
            /**
             * @description 1 to 4,096 characters, within 24 hours after the customer's last message.
             * @example It is on its way, Amina.
             */
            text?: string | null;
        };
        NewNewsSubscription: {
            /** @description Local times of the reader. Without any, the reader gets only breaking news. */
            briefs?: components["schemas"]["BriefTimes"];
            contact_id: components["schemas"]["ContactId"];
            /**
             * Format: int32
             * @description Articles per day that the reader has not asked for. Default: 3.
             */
            daily_limit?: number | null;
            /**
             * @description The reader's language. Default: the contact's.
             * @example fr
             */
            language?: string | null;
            /**
             * @example [
             *       "sports",
             *       "world"
             *     ]
             */
            topics: string[];
            /**
             * @description The reader's IANA time zone. Default: the workspace's.
             * @example Africa/Nairobi
             */
            zone?: string | null;
        };
        NewNote: {
            /**
             * @description 1 to 4,000 characters.
             * @example She asked for an invoice.
             */
            body: string;
        };
        NewOffering: {
            /**
             * Format: int32
             * @description Minutes that the staff stays free after the booking.
             */
            buffer_minutes?: number;
            /**
             * Format: int32
             * @example 45
             */
            duration_minutes: number;
            /**
             * Format: int32
             * @description Bookings are at most this many days ahead.
             * @default 30
             */
            max_ahead_days?: number;
            /**
             * Format: int32
             * @description Customers must book this many minutes ahead.
             * @default 60
             */
            min_ahead_minutes?: number;
            /**
             * @description Texts by language, at least one.
             * @example {
             *       "en": "Haircut"
             *     }
             */
            names: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description Minor units of the workspace's currency.
             * @example 1500
             */
            price_minor?: number | null;
            provider_ids: components["schemas"]["StaffId"][];
            /**
             * @description Minutes before the beginning at which customers are reminded, up to five.
             * @default [
             *       1440,
             *       120
             *     ]
             */
            reminder_minutes?: number[];
            /**
             * Format: int32
             * @description Minutes between the beginnings of two slots, counted from the opening.
             * @default 30
             */
            step_minutes?: number;
        };
        /** @description An order that a member places for a contact. */
        NewOrder: {
            contact_id: components["schemas"]["ContactId"];
            /** @description 1 to 50 different products of one currency. */
            items: components["schemas"]["Wanted"][];
            /**
             * @description A remark for the business.
             * @example Please ring twice.
             */
            note?: string;
        };
        /** @description A page of the web that becomes a document. */
        NewPage: {
            /**
             * @description It begins with https://, and its host is public.
             * @example https://example.com/delivery
             */
            address: string;
            /**
             * @description The language of the page: `en`, `fr`, `es`, `pt`, `ar` or `hi`.
             * @example en
             */
            language: string;
            /** @example Delivery */
            title: string;
        };
        NewPlan: {
            /**
             * @description Texts of up to 500 characters by language.
             * @example {
             *       "en": "300 channels"
             *     }
             */
            descriptions?: {
                [key: string]: string;
            };
            /**
             * Format: int32
             * @description Days after the end in which a payment continues the subscription from its end.
             * @example 3
             */
            grace_days?: number;
            /**
             * @description Texts of up to 24 characters by language, at least one.
             * @example {
             *       "en": "IPTV, one month"
             *     }
             */
            names: {
                [key: string]: string;
            };
            /** @description The time that a payment buys. It cannot be changed later, because a plan with another period is another plan. */
            period: components["schemas"]["PlanPeriod"];
            /** @description The price of a period. */
            price: Record<string, never>;
            /**
             * @description Days before the end at which the customer is reminded.
             * @example [
             *       7,
             *       3,
             *       1
             *     ]
             */
            remind_days?: number[];
        };
        NewProduct: {
            /** @description Whether customers can buy it. */
            active?: boolean;
            category_id?: components["schemas"]["CategoryId"] | null;
            /**
             * @description ISO 4217. Default: the workspace's currency.
             * @example USD
             */
            currency?: string | null;
            /**
             * @description The https address of a picture.
             * @example https://example.com/coffee.jpg
             */
            image_url?: string | null;
            /**
             * Format: int32
             * @description Members are notified when the stock falls to this number. `null`: never.
             * @example 10
             */
            low_stock_at?: number | null;
            /**
             * Format: int64
             * @description In minor units: at most 99,999,999, or twelve digits of the rupiah (IDR).
             * @example 1250
             */
            price_minor: number;
            /**
             * @description The business's own number: letters, digits and `-_.`.
             * @example COF-250
             */
            sku: string;
            /**
             * Format: int32
             * @example 24
             */
            stock?: number;
            /**
             * @description Texts by language, at least one.
             * @example {
             *       "en": {
             *         "description": "Arabica beans",
             *         "name": "Kenyan coffee"
             *       }
             *     }
             */
            texts: {
                [key: string]: components["schemas"]["ProductText"];
            };
        };
        /** @description A prompt is not active until it is activated. */
        NewPrompt: {
            /** @example You are the assistant of Baraka Tea. Be brief and friendly. */
            body: string;
            channel_id?: components["schemas"]["ChannelId"] | null;
            /**
             * Format: int32
             * @description The longest answer, in tokens.
             * @default 500
             */
            max_tokens?: number;
            /**
             * @description The model, and its substitutes when it is not available, by their names at OpenRouter.
             * @example [
             *       "openai/gpt-5-mini"
             *     ]
             */
            models: string[];
            /** @example Assistant */
            name: string;
            /**
             * Format: float
             * @description A higher temperature makes answers more various.
             * @default 0.3
             */
            temperature?: number;
            /**
             * @description Whether the model may call tools for the customer. Each round of calls costs another call of the model.
             * @default true
             */
            tools?: boolean;
        };
        NewProvider: {
            kind: components["schemas"]["ProviderKind"];
            /**
             * @description The name that customers read.
             * @example Wanjiru
             */
            name: string;
            /**
             * @description An IANA time zone.
             * @example Africa/Nairobi
             */
            zone: string;
        };
        NewRefund: {
            /**
             * Format: int64
             * @description Minor units. Left out: all that is left.
             * @example 500
             */
            amount_minor?: number | null;
            /**
             * @description The reason: 1 to 200 characters.
             * @example One jar was broken
             */
            reason: string;
        };
        NewRole: {
            /** @description At most the caller's own role. */
            role: components["schemas"]["Role"];
        };
        /** @description A new segment, or new values of one. */
        NewSegment: {
            audience: components["schemas"]["Audience"];
            /**
             * @description The name that members see.
             * @example Regulars in Nairobi
             */
            name: string;
        };
        NewShipment: {
            /**
             * @default null
             * @example G4S
             */
            carrier?: string | null;
            /**
             * @default null
             * @example KE123456789
             */
            tracking_number?: string | null;
            /**
             * @description The https address of the carrier's tracking page.
             * @default null
             * @example https://example.com/track/KE123456789
             */
            tracking_url?: string | null;
        };
        NewSocialAccount: {
            /**
             * @description The id of the professional account or the page: digits.
             * @example 17841400000000000
             */
            external_id: string;
            network: components["schemas"]["SocialNetwork"];
            /** @description The token for publishing. It is never shown again. */
            token: string;
            /**
             * Format: date-time
             * @description The end of the token, if it has one.
             */
            token_expires_at?: string | null;
        };
        NewSocialContent: {
            /** @description In their order. */
            media?: components["schemas"]["SocialMedia"][];
            /**
             * @description It may be empty if there are images.
             * @example Fresh tea from Kericho. #tea
             */
            text: string;
            /**
             * @description Other texts by network.
             * @example {
             *       "instagram": "Fresh tea! #tea"
             *     }
             */
            variants?: {
                [key: string]: string;
            };
        };
        NewSocialSchedule: {
            account_id: components["schemas"]["AccountId"];
            content_id: components["schemas"]["ContentId"];
            /**
             * @description The local time in the zone: in the future, within a year. A time that the clock skips means the end of the gap.
             *     A time that comes twice means the first of the two.
             * @example 2026-12-24T18:00:00
             */
            local_time: string;
            /**
             * @description An IANA time zone.
             * @example Africa/Nairobi
             */
            zone: string;
        };
        NewSocialToken: {
            /** @description The token for publishing. The network checks it first; the old token stays until it is accepted. */
            token: string;
            /**
             * Format: date-time
             * @description The end of the token, if it has one.
             */
            token_expires_at?: string | null;
        };
        NewSubscription: {
            contact_id: components["schemas"]["ContactId"];
            /**
             * Format: date-time
             * @description Paid by other means until this time. Without it, the customer gets a payment link.
             */
            ends_at?: string | null;
            plan_id: components["schemas"]["PlanId"];
        };
        NewTemplate: {
            /** @description The text, with variables `{{1}}`, `{{2}}` … and an example for each. */
            body: components["schemas"]["TemplateText"];
            /** @description At most 10. */
            buttons?: components["schemas"]["TemplateButton"][];
            /** @description The category that Meta charges. Meta may change it. */
            category: components["schemas"]["TemplateCategory"];
            /** @description A WhatsApp number of the business account that gets the template. */
            channel_id: components["schemas"]["ChannelId"];
            /** @description The text below the body. */
            footer?: string | null;
            header?: components["schemas"]["TemplateText"] | null;
            /**
             * @description In Meta's form: `en`, `en_US`.
             * @example en
             */
            language: string;
            /**
             * @description Small letters, digits, underscores.
             * @example spring_offer
             */
            name: string;
        };
        NewTicket: {
            /**
             * @description At most 60 characters.
             * @example delivery
             */
            category?: string | null;
            contact_id: components["schemas"]["ContactId"];
            /**
             * @description At most 20 values of the business's own: texts of at most 500 characters, numbers and booleans.
             * @example {
             *       "serial": "A-77"
             *     }
             */
            fields?: {
                [key: string]: unknown;
            };
            /**
             * @description The customer's text: 1 to 4,000 characters.
             * @example Since this morning the screen is black.
             */
            message: string;
            /** @description Default: `normal`. */
            priority?: ("low" | "normal" | "high" | "urgent") | null;
            /**
             * @description 1 to 120 characters.
             * @example No picture
             */
            subject: string;
            /**
             * @description At most 20, with at most 50 characters each. They are kept in small letters.
             * @example [
             *       "tv"
             *     ]
             */
            tags?: string[];
        };
        /** @description A workspace as its members describe it. */
        NewWorkspace: {
            /**
             * @description ISO 3166, two letters: how phone numbers without a country are read.
             * @example KE
             */
            country?: string | null;
            /**
             * @description ISO 4217: `KES`.
             * @example KES
             */
            currency?: string;
            /**
             * @description The language for contacts whose own is unknown.
             * @example en
             */
            default_language?: string;
            /** @description Of `en`, `fr`, `es`, `pt`, `ar`, `hi`; the default must be among them. Empty: the default alone. */
            languages?: string[];
            /**
             * @description The name of the business: 1 to 200 characters.
             * @example Zuri Shop
             */
            name: string;
            settings?: components["schemas"]["WorkspaceSettings"];
            /**
             * @description IANA: `Africa/Nairobi`.
             * @example Africa/Nairobi
             */
            time_zone?: string;
        };
        /** @description A digest for members. */
        NewsDigest: {
            /** @description In the order of the message. */
            article_ids: components["schemas"]["ArticleId"][];
            contact_id: components["schemas"]["ContactId"];
            /** Format: date-time */
            due_at: string;
            id: components["schemas"]["DigestId"];
            message_id?: components["schemas"]["MessageId"] | null;
            /** @description Why it was not sent: `late`, `stopped`, or why the reader cannot be reached. */
            reason?: string | null;
            /** @description The reason for the digest. */
            slot: components["schemas"]["NewsSlot"];
            status: components["schemas"]["DigestStatus"];
        };
        /**
         * @description The reason for a digest.
         * @enum {string}
         */
        NewsSlot: "morning" | "afternoon" | "evening" | "latest" | "breaking";
        NewsSubscription: {
            /** @description Whether the reader gets news. */
            active: boolean;
            /** @description Local times of the reader. */
            briefs: components["schemas"]["BriefTimes"];
            contact_id: components["schemas"]["ContactId"];
            /** Format: date-time */
            created_at: string;
            /**
             * Format: int32
             * @description Articles per day that the reader has not asked for.
             */
            daily_limit: number;
            id: components["schemas"]["NewsSubscriptionId"];
            /**
             * @description The reader's language. `null`: the contact's.
             * @example fr
             */
            language?: string | null;
            /** Format: date-time */
            next_due_at?: string | null;
            /**
             * @example [
             *       "sports",
             *       "world"
             *     ]
             */
            topics: string[];
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change. The `ETag` is made of it.
             * @example 3
             */
            version: number;
            /**
             * @description The reader's IANA time zone.
             * @example Africa/Nairobi
             */
            zone: string;
        };
        /** @example nsb_0190a5b2c3d4e5f60718293a4b5c6d7e */
        NewsSubscriptionId: string;
        /** @description Fields that are left out stay. */
        NewsSubscriptionPatch: {
            /**
             * @description Whether the reader gets news.
             * @default null
             */
            active?: boolean | null;
            /** @default null */
            briefs?: components["schemas"]["BriefTimes"] | null;
            /**
             * Format: int32
             * @description Articles per day that the reader has not asked for.
             * @default null
             */
            daily_limit?: number | null;
            /**
             * @description The reader's language. `null`: the contact's.
             * @default null
             */
            language?: string | null;
            /** @default null */
            topics?: string[] | null;
            /**
             * @description The reader's IANA time zone.
             * @default null
             */
            zone?: string | null;
        };
        NewsTopic: {
            /**
             * @description The name in articles and subscriptions.
             * @example sports
             */
            key: string;
            /**
             * @description The names for readers, by language.
             * @example {
             *       "en": "Sports"
             *     }
             */
            titles: {
                [key: string]: string;
            };
        };
        /** @example nte_0190a5b2c3d4e5f60718293a4b5c6d7e */
        NoteId: string;
        /** @example ntf_0190a5b2c3d4e5f60718293a4b5c6d7e */
        NotificationId: string;
        /**
         * @description What members are told of, and may choose not to be. Stored in rows: never rename one.
         * @enum {string}
         */
        NotificationKind: "invitation_accepted" | "member_suspended" | "low_stock" | "channel_stopped" | "post_failed" | "social_account" | "endpoint_stopped" | "ai_budget_warned" | "ai_budget_reached" | "import_finished" | "payments_need_you" | "media_quarantined" | "order_paid" | "campaign_finished" | "campaign_stopped" | "campaign_recategorized" | "ticket_opened" | "ticket_answered" | "ticket_assigned" | "ticket_unanswered" | "conversation_assigned" | "conversation_waiting" | "conversation_awake";
        /** @description Whether a member is told of a kind. */
        NotificationPreference: {
            /** @description In the program itself. */
            in_app: boolean;
            kind: components["schemas"]["NotificationKind"];
        };
        /** @description A notification as its member sees it. */
        NotificationView: {
            /**
             * Format: date-time
             * @description When it was written.
             */
            created_at: string;
            /** @description Ids, for a link. */
            data: Record<string, never>;
            id: components["schemas"]["NotificationId"];
            /**
             * @description What it is about.
             * @example channel_stopped
             */
            kind: string;
            /**
             * Format: date-time
             * @description When it was marked as read.
             */
            read_at?: string | null;
            /** @description One sentence. */
            title: string;
        };
        Number: {
            /**
             * @description E.164.
             * @example +254712345678
             */
            phone: string;
            workspace_id: components["schemas"]["WorkspaceId"];
        };
        NumberAndCode: {
            /**
             * Format: password
             * @description The newest code.
             * @example 123456
             */
            code: string;
            /**
             * @description E.164.
             * @example +254712345678
             */
            phone: string;
            workspace_id: components["schemas"]["WorkspaceId"];
        };
        /** @description An invitation as the invited person sees it. */
        Offer: {
            email: string;
            /** Format: date-time */
            expires_at: string;
            id: components["schemas"]["InvitationId"];
            invited_by_id?: components["schemas"]["UserId"] | null;
            /** @description The role of the new member. */
            role: components["schemas"]["Role"];
            workspace_id: components["schemas"]["WorkspaceId"];
            /** @example Zuri Shop */
            workspace_name: string;
        };
        Offering: {
            active: boolean;
            /**
             * Format: int32
             * @description Minutes that the staff stays free after the booking.
             * @example 15
             */
            buffer_minutes: number;
            /** Format: date-time */
            created_at: string;
            /**
             * @description ISO 4217: the workspace's currency when the price was set.
             * @example KES
             */
            currency?: string | null;
            /**
             * Format: int32
             * @example 45
             */
            duration_minutes: number;
            id: components["schemas"]["OfferingId"];
            /**
             * Format: int32
             * @description Bookings are at most this many days ahead.
             * @example 30
             */
            max_ahead_days: number;
            /**
             * Format: int32
             * @description Customers must book this many minutes ahead.
             * @example 60
             */
            min_ahead_minutes: number;
            /**
             * @description Texts by language.
             * @example {
             *       "en": "Haircut"
             *     }
             */
            names: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description Minor units. `null`: no price is shown.
             * @example 1500
             */
            price_minor?: number | null;
            provider_ids: components["schemas"]["StaffId"][];
            /**
             * @description Minutes before the beginning at which customers are reminded, the longest first.
             * @example [
             *       1440,
             *       120
             *     ]
             */
            reminder_minutes: number[];
            /**
             * Format: int32
             * @description Minutes between the beginnings of two slots.
             * @example 30
             */
            step_minutes: number;
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change. The `ETag` is made of it.
             * @example 3
             */
            version: number;
        };
        /** @example ofr_0190a5b2c3d4e5f60718293a4b5c6d7e */
        OfferingId: string;
        /** @description Fields that are left out stay. Existing bookings keep their length, price and reminders. */
        OfferingPatch: {
            active?: boolean | null;
            /**
             * Format: int32
             * @description Minutes that the staff stays free after the booking.
             */
            buffer_minutes?: number | null;
            /**
             * Format: int32
             * @example 45
             */
            duration_minutes?: number | null;
            /**
             * Format: int32
             * @description Bookings are at most this many days ahead.
             */
            max_ahead_days?: number | null;
            /**
             * Format: int32
             * @description Customers must book this many minutes ahead.
             */
            min_ahead_minutes?: number | null;
            /**
             * @description Replaces all texts.
             * @example {
             *       "en": "Haircut"
             *     }
             */
            names?: {
                [key: string]: string;
            } | null;
            /**
             * Format: int64
             * @description Minor units of the workspace's currency.
             */
            price_minor?: number | null;
            /** @description Replaces the whole list. */
            provider_ids?: components["schemas"]["StaffId"][] | null;
            /** @description Minutes before the beginning, up to five. */
            reminder_minutes?: number[] | null;
            /**
             * Format: int32
             * @description Minutes between the beginnings of two slots.
             */
            step_minutes?: number | null;
        };
        /** @description Opening hours of one weekday. */
        Opening: {
            /**
             * @description Local time.
             * @example 09:00
             */
            from: string;
            /**
             * @description Must be after `from`. 24:00 is the end of the day.
             * @example 17:30
             */
            until: string;
            /**
             * Format: int32
             * @description 1 is Monday, 7 is Sunday.
             * @example 1
             */
            weekday: number;
        };
        Order: {
            contact_id: components["schemas"]["ContactId"];
            /** Format: date-time */
            created_at: string;
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            /** Format: date-time */
            delivered_at?: string | null;
            /**
             * Format: date-time
             * @description When it was cancelled, expired or refunded.
             */
            ended_at?: string | null;
            /**
             * Format: date-time
             * @description The end of the payment time.
             */
            expires_at: string;
            /**
             * Format: date-time
             * @description When it was packed.
             */
            fulfilled_at?: string | null;
            id: components["schemas"]["OrderId"];
            /** @description With the names and prices at the time of the order. */
            items: components["schemas"]["OrderItem"][];
            /** @description The customer's remark. */
            note: string;
            /**
             * Format: int64
             * @description The order's number in the workspace, from 1.
             * @example 12
             */
            number: number;
            /** Format: date-time */
            paid_at?: string | null;
            /** @description The address of the payment, while the order can be paid. */
            payment_url?: string | null;
            shipments: components["schemas"]["Shipment"][];
            /**
             * Format: date-time
             * @description When a carrier took it.
             */
            shipped_at?: string | null;
            status: components["schemas"]["OrderStatus"];
            /**
             * Format: int64
             * @description In minor units.
             * @example 2500
             */
            total_minor: number;
            /**
             * @description Why the notice of the last change could not reach the customer: `blocked`, `no_channel`, `no_template`,
             *     or of a template that Meta has made marketing: `opted_out`, `no_consent`, `us_marketing`.
             */
            unreachable?: string | null;
            /**
             * Format: date-time
             * @description The last move.
             */
            updated_at: string;
        };
        /** @example ord_0190a5b2c3d4e5f60718293a4b5c6d7e */
        OrderId: string;
        /** @description A line of an order. */
        OrderItem: {
            /**
             * @description In the customer's language.
             * @example Kenyan coffee
             */
            name: string;
            /**
             * Format: int64
             * @description The price of one piece, in minor units.
             * @example 1250
             */
            price_minor: number;
            product_id: components["schemas"]["ProductId"];
            /**
             * Format: int32
             * @example 2
             */
            quantity: number;
            /**
             * @description The business's own number.
             * @example COF-250
             */
            sku: string;
        };
        /**
         * @description Stored in rows: never rename one.
         * @enum {string}
         */
        OrderStatus: "pending_payment" | "paid" | "fulfilled" | "shipped" | "delivered" | "cancelled" | "expired" | "refunded";
        OwnSession: components["schemas"]["SessionView"] & {
            /** @description Whether it is the session of this call. */
            is_current: boolean;
        };
        /** @description A subscription with what you need to use the service. */
        OwnSubscription: {
            /** @description Names and values. Empty when there are none. */
            details: components["schemas"]["BTreeMap"];
            subscription: components["schemas"]["Subscription"];
        };
        Page_AiCall: {
            /** @description In the list's order. */
            items: {
                /** Format: date-time */
                at: string;
                /** Format: int32 */
                completion_tokens: number;
                conversation_id?: components["schemas"]["ConversationId"] | null;
                /**
                 * Format: int64
                 * @description Millionths of a US dollar.
                 */
                cost_micro: number;
                id: components["schemas"]["AiCallId"];
                /** Format: int32 */
                latency_ms: number;
                /** @example openai/gpt-4o-mini */
                model_asked: string;
                /**
                 * @description The model that answered: a substitute, when the first was not available.
                 * @example openai/gpt-4o-mini
                 */
                model_served?: string | null;
                /**
                 * @description `ok`, or the class of the error. `nothing_known`: no passage answers the question, so no model was asked.
                 * @example ok
                 */
                outcome: string;
                /** Format: int32 */
                prompt_tokens: number;
                /**
                 * @description What the call was for.
                 * @example reply
                 */
                purpose: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_ApiKeyView: {
            /** @description In the list's order. */
            items: {
                /**
                 * Format: date-time
                 * @description Since when.
                 */
                created_at: string;
                /**
                 * Format: date-time
                 * @description When it ends.
                 */
                expires_at?: string | null;
                /** @description Its id, which is also in the key. */
                id: components["schemas"]["ApiKeyId"];
                /**
                 * Format: date-time
                 * @description To the minute.
                 */
                last_used_at?: string | null;
                /**
                 * @description What it is for.
                 * @example Website
                 */
                name: string;
                /**
                 * Format: date-time
                 * @description When it was revoked.
                 */
                revoked_at?: string | null;
                /**
                 * @description Names of permissions.
                 * @example [
                 *       "contacts.read"
                 *     ]
                 */
                scopes: string[];
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Article: {
            /** @description In the list's order. */
            items: {
                /** @description The author. */
                author?: string | null;
                /** @description Plain text. */
                body: string;
                /** @description Whether all readers of its topics get it at once. */
                breaking: boolean;
                /**
                 * Format: date-time
                 * @description When all readers of its topics got it at once.
                 */
                broken_at?: string | null;
                /** Format: date-time */
                created_at: string;
                /** @description The id at the article's source. */
                external_id?: string | null;
                id: components["schemas"]["ArticleId"];
                /** @description The address of a picture. */
                image_url?: string | null;
                /**
                 * @description The language of the text.
                 * @example en
                 */
                language: string;
                /**
                 * Format: date-time
                 * @description Readers get it from this time on. `null`: it is a draft.
                 */
                published_at?: string | null;
                /** @description The publisher. */
                source?: string | null;
                /** @example New ferry links the islands */
                title: string;
                /**
                 * @example [
                 *       "local",
                 *       "business"
                 *     ]
                 */
                topics: string[];
                /** Format: date-time */
                updated_at: string;
                /**
                 * @description The address of the article.
                 * @example https://news.example/ferry
                 */
                url: string;
                /**
                 * Format: int64
                 * @description Rises with each change. The `ETag` is made of it.
                 * @example 3
                 */
                version: number;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_AuditRecord: {
            /** @description In the list's order. */
            items: {
                /** @example members.change_role */
                action: string;
                /**
                 * Format: uuid
                 * @description The user, the key or the contact.
                 */
                actor_id?: string | null;
                /**
                 * @description `member`, `api_key`, `customer`, `operator` or `system`.
                 * @example member
                 */
                actor_kind: string;
                /** @description The IP address of the caller. */
                address?: string | null;
                /** @description The same fields after the change. Null for a deleted thing. */
                after?: Record<string, never> | null;
                /** Format: date-time */
                at: string;
                /** @description The fields that changed, before the change. Null for a new thing. */
                before?: Record<string, never> | null;
                id: components["schemas"]["RecordId"];
                /** @description The id of the HTTP call. */
                request_id?: string | null;
                /** Format: uuid */
                subject_id: string;
                /**
                 * @description The kind of the changed thing.
                 * @example user
                 */
                subject_kind: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Booking: {
            /** @description In the list's order. */
            items: {
                contact_id: components["schemas"]["ContactId"];
                /** Format: date-time */
                created_at: string;
                /**
                 * @description ISO 4217.
                 * @example KES
                 */
                currency?: string | null;
                /** Format: date-time */
                ends_at: string;
                id: components["schemas"]["BookingId"];
                /** @description A remark for the members. */
                note?: string | null;
                offering_id: components["schemas"]["OfferingId"];
                /**
                 * Format: int64
                 * @description Minor units: the price when it was booked.
                 */
                price_minor?: number | null;
                provider_id: components["schemas"]["StaffId"];
                /**
                 * Format: date-time
                 * @description When the newest reminder was queued.
                 */
                reminded_at?: string | null;
                /** @description Minutes before the beginning at which the customer is reminded. */
                reminder_minutes: number[];
                /** Format: date-time */
                starts_at: string;
                status: components["schemas"]["BookingStatus"];
                /**
                 * @description Why the newest reminder reached nobody: blocked, no_channel, no_template, or of a template that Meta has made
                 *     marketing: opted_out, no_consent, us_marketing.
                 * @example no_template
                 */
                unreachable?: string | null;
                /** Format: date-time */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Grows with each change.
                 */
                version: number;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Campaign: {
            /** @description In the list's order. */
            items: {
                audience?: components["schemas"]["Audience"] | null;
                category?: components["schemas"]["TemplateCategory"] | null;
                /** @description The channel that sends it. */
                channel_id: components["schemas"]["ChannelId"];
                content: components["schemas"]["CampaignContent"];
                /** Format: date-time */
                created_at: string;
                /**
                 * Format: date-time
                 * @description When the last message had left, or when it was cancelled.
                 */
                finished_at?: string | null;
                id: components["schemas"]["CampaignId"];
                /**
                 * @description The name that members see.
                 * @example Spring offer
                 */
                name: string;
                /**
                 * Format: date-time
                 * @description When the recipients were frozen.
                 */
                planned_at?: string | null;
                /**
                 * @description Why it is paused, cancelled or failed: a code for programs.
                 * @example channel_stopped
                 */
                reason?: string | null;
                /** @description The same as a sentence for people. */
                reason_detail?: string | null;
                report?: components["schemas"]["CampaignReport"] | null;
                /**
                 * Format: date-time
                 * @description The start time.
                 */
                scheduled_at?: string | null;
                segment_id?: components["schemas"]["SegmentId"] | null;
                /**
                 * Format: date-time
                 * @description The first start.
                 */
                started_at?: string | null;
                status: components["schemas"]["CampaignStatus"];
                /**
                 * Format: date-time
                 * @description The last change.
                 */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Rises with each change. The `ETag` is made of it.
                 * @example 3
                 */
                version: number;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_CannedReply: {
            /** @description In the list's order. */
            items: {
                /**
                 * @description What a member types to get the text.
                 * @example hours
                 */
                code: string;
                /** Format: date-time */
                created_at: string;
                id: components["schemas"]["CannedReplyId"];
                /**
                 * @description Texts by language.
                 * @example {
                 *       "en": "We open at 8:00."
                 *     }
                 */
                texts: {
                    [key: string]: string;
                };
                /** Format: date-time */
                updated_at: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Cart: {
            /** @description In the list's order. */
            items: {
                contact_id: components["schemas"]["ContactId"];
                /** Format: date-time */
                created_at: string;
                /**
                 * @description ISO 4217.
                 * @example USD
                 */
                currency: string;
                id: components["schemas"]["CartId"];
                /** @description In the order in which they were added. */
                items: components["schemas"]["CartItem"][];
                /**
                 * @description `open`, `ordered` or `abandoned`.
                 * @example open
                 */
                status: string;
                /**
                 * Format: int64
                 * @description The present total in minor units, without lines that cannot be ordered.
                 * @example 2500
                 */
                total_minor: number;
                /** Format: date-time */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Grows with each change.
                 * @example 3
                 */
                version: number;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Category: {
            /** @description In the list's order. */
            items: {
                /** Format: date-time */
                created_at: string;
                id: components["schemas"]["CategoryId"];
                /**
                 * @description The name in web addresses.
                 * @example coffee
                 */
                slug: string;
                /**
                 * Format: int32
                 * @description Categories are sorted by this number.
                 */
                sort_order: number;
                /**
                 * @description Texts by language.
                 * @example {
                 *       "en": "Coffee"
                 *     }
                 */
                titles: {
                    [key: string]: string;
                };
                /** Format: date-time */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Rises with each change. The `ETag` is made of it.
                 * @example 3
                 */
                version: number;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Channel: {
            /** @description In the list's order. */
            items: {
                /** @description The business account (WABA). */
                account_id?: string | null;
                /**
                 * Format: int32
                 * @description Messages that may leave at once. `None`: the limit of all channels.
                 */
                burst?: number | null;
                /** @description The provider's text, when the state is not `ok`. */
                check_detail?: string | null;
                /** @description `ok`, `refused`, `unreachable`, or Green API's state, such as `notAuthorized`. */
                check_state?: string | null;
                /**
                 * Format: date-time
                 * @description When the provider was last asked.
                 */
                checked_at?: string | null;
                /** Format: date-time */
                created_at: string;
                /** @description The number as customers see it. */
                display_phone?: string | null;
                /**
                 * @description The phone number id or the instance id.
                 * @example 106540352242922
                 */
                external_id: string;
                id: components["schemas"]["ChannelId"];
                /**
                 * @description `whatsapp` or `greenapi`.
                 * @example whatsapp
                 */
                kind: string;
                /** @example Front desk */
                name: string;
                /** @description WhatsApp: GREEN, YELLOW, RED or UNKNOWN. */
                quality_rating?: string | null;
                /**
                 * Format: double
                 * @description Messages per second. `None`: the limit of all channels.
                 */
                rate?: number | null;
                /** @description The provider has refused it. It needs a new token, or help from the provider. */
                refused: boolean;
                /**
                 * Format: date-time
                 * @description When the secrets were last replaced.
                 */
                rotated_at?: string | null;
                /**
                 * @description `active` or `paused`.
                 * @example active
                 */
                status: string;
                /** @description Why it is paused. */
                status_reason?: string | null;
                /** @description The last four characters of the token. */
                token_hint: string;
                /**
                 * Format: date-time
                 * @description The last change.
                 */
                updated_at: string;
                /** @description WhatsApp: the name that customers see. */
                verified_name?: string | null;
                /**
                 * Format: int64
                 * @description Rises with each change. The `ETag` is made of it.
                 * @example 3
                 */
                version: number;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Consent: {
            /** @description In the list's order. */
            items: {
                /**
                 * Format: uuid
                 * @description The user or key that wrote it down.
                 */
                actor_id?: string | null;
                /**
                 * @description `marketing`.
                 * @example marketing
                 */
                category: string;
                /**
                 * Format: date-time
                 * @description When.
                 */
                created_at: string;
                /** @description True when it was given, false when it was withdrawn. */
                granted: boolean;
                /** Format: uuid */
                id: string;
                /** @description Where the operator has it from. */
                note?: string | null;
                /**
                 * @description keyword, provider, operator, import.
                 * @example operator
                 */
                source: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_ContactView: {
            /** @description In the list's order. */
            items: {
                /**
                 * @description The custom fields by key.
                 * @example {
                 *       "city": "Nairobi"
                 *     }
                 */
                attributes: {
                    [key: string]: unknown;
                };
                /**
                 * Format: date-time
                 * @description Since when nothing is said to them.
                 */
                blocked_at?: string | null;
                /**
                 * @description ISO 3166, by the phone.
                 * @example KE
                 */
                country?: string | null;
                /**
                 * Format: date-time
                 * @description When they were made.
                 */
                created_at: string;
                /**
                 * @description In lower case.
                 * @example amina@example.com
                 */
                email?: string | null;
                id: components["schemas"]["ContactId"];
                /**
                 * @description A language of ours.
                 * @example en
                 */
                language?: string | null;
                /**
                 * Format: date-time
                 * @description When they last wrote; else when they were made.
                 */
                last_activity_at: string;
                /** @description Whether they want marketing; `null` when they have never said. */
                marketing?: boolean | null;
                /**
                 * @description What they are called.
                 * @example Amina Otieno
                 */
                name?: string | null;
                /**
                 * @description E.164. Absent for a contact who shows only a user id.
                 * @example +254712345678
                 */
                phone?: string | null;
                /**
                 * Format: date-time
                 * @description When the greeting was done.
                 */
                registered_at?: string | null;
                /**
                 * @description By name, in order.
                 * @example [
                 *       "vip"
                 *     ]
                 */
                tags: string[];
                /**
                 * Format: date-time
                 * @description When they were last changed.
                 */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Rises with every change.
                 */
                version: number;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Conversation: {
            /** @description In the list's order. */
            items: {
                /**
                 * Format: int64
                 * @description How often the bot or a member has answered.
                 */
                answers: number;
                assignee_id?: components["schemas"]["UserId"] | null;
                channel_id: components["schemas"]["ChannelId"];
                contact_id: components["schemas"]["ContactId"];
                /** @example Amina Otieno */
                contact_name?: string | null;
                /**
                 * @description E.164. Null for a contact who shows only a user id.
                 * @example +254712345678
                 */
                contact_phone?: string | null;
                /** Format: date-time */
                created_at: string;
                /** @description A person answers, and the bot is silent. */
                handed_over: boolean;
                id: components["schemas"]["ConversationId"];
                /**
                 * Format: date-time
                 * @description When the customer, the bot or a member last wrote. Campaigns and notices do not count.
                 */
                last_activity_at: string;
                /**
                 * Format: date-time
                 * @description When the bot or a member last answered.
                 */
                last_answer_at?: string | null;
                last_message?: components["schemas"]["LastMessage"] | null;
                /**
                 * Format: date-time
                 * @description The bot is silent until this time, because somebody of the business has written on their phone.
                 */
                quiet_until?: string | null;
                /** Format: date-time */
                snoozed_until?: string | null;
                status: components["schemas"]["ConversationStatus"];
                /**
                 * Format: int32
                 * @description The customer's messages that no member has read.
                 */
                unread: number;
                /**
                 * Format: date-time
                 * @description The time of the customer's first message without an answer. While a person is to answer, a text of the bot is none.
                 */
                waiting_since?: string | null;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_ConversationNote: {
            /** @description In the list's order. */
            items: {
                /**
                 * Format: uuid
                 * @description The user or the API key that wrote it.
                 */
                author_id?: string | null;
                body: string;
                conversation_id: components["schemas"]["ConversationId"];
                /** Format: date-time */
                created_at: string;
                id: components["schemas"]["NoteId"];
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_CustomerTicket: {
            /** @description In the list's order. */
            items: {
                /** Format: date-time */
                closed_at?: string | null;
                /** Format: date-time */
                created_at: string;
                id: components["schemas"]["TicketId"];
                /**
                 * Format: int64
                 * @example 12
                 */
                number: number;
                /**
                 * Format: date-time
                 * @description When it was resolved, or closed without that.
                 */
                resolved_at?: string | null;
                /**
                 * @description How far a ticket has come.
                 * @enum {string}
                 */
                status: "open" | "pending" | "resolved" | "closed";
                /** @example No picture */
                subject: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Document: {
            /** @description In the list's order. */
            items: {
                /**
                 * @description The address of the page.
                 * @example https://example.com/delivery
                 */
                address?: string | null;
                /**
                 * @description The SHA-256 of the text in hexadecimal. A program that imports documents sees from it what has changed.
                 * @example d04b98f48e8f8bcc15c6ae5ac050801cd6dcfd428fb5f9e65c4e16e7807340fa
                 */
                body_sha256: string;
                /** Format: date-time */
                created_at: string;
                /**
                 * @description Why the page could not be read.
                 * @example the page answered with status 404
                 */
                failure?: string | null;
                /**
                 * Format: date-time
                 * @description The time at which the page was read last.
                 */
                fetched_at?: string | null;
                format: components["schemas"]["KnowledgeFormat"];
                id: components["schemas"]["DocumentId"];
                /**
                 * @description The language of the text: `en`, `fr`, `es`, `pt`, `ar` or `hi`.
                 * @example en
                 */
                language: string;
                /**
                 * Format: int64
                 * @description The number of pieces.
                 */
                pieces: number;
                source: components["schemas"]["KnowledgeSource"];
                state: components["schemas"]["KnowledgeState"];
                /** @example Delivery */
                title: string;
                /** Format: date-time */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Rises with each change. The `ETag` is made of it.
                 * @example 3
                 */
                version: number;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Endpoint: {
            /** @description In the list's order. */
            items: {
                /** Format: date-time */
                created_at: string;
                /** @example Orders to the accounts */
                description: string;
                enabled: boolean;
                /**
                 * @description `null`: all.
                 * @example [
                 *       "order.paid"
                 *     ]
                 */
                event_types?: string[] | null;
                /**
                 * Format: date-time
                 * @description The first failure since the last success.
                 */
                failing_since?: string | null;
                id: components["schemas"]["EndpointId"];
                /**
                 * Format: date-time
                 * @description Until then the secret before the last rotation signs too.
                 */
                old_secret_until?: string | null;
                stopped?: components["schemas"]["EndpointStopped"] | null;
                /** Format: date-time */
                updated_at: string;
                /** @example https://n8n.example.com/webhook/kazi */
                url: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_EndpointDelivery: {
            /** @description In the list's order. */
            items: {
                /**
                 * Format: int32
                 * @description Calls so far.
                 * @example 1
                 */
                attempts: number;
                /** Format: date-time */
                created_at: string;
                /** Format: date-time */
                ended_at?: string | null;
                endpoint_id: components["schemas"]["EndpointId"];
                /** @description The `webhook-id` of its calls. */
                event_id: components["schemas"]["AnnouncementId"];
                /** @example order.paid */
                event_type: string;
                id: components["schemas"]["DeliveryId"];
                /**
                 * Format: date-time
                 * @description When the next call is due, while it is pending.
                 */
                next_attempt_at?: string | null;
                state: components["schemas"]["DeliveryState"];
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_ImportView: {
            /** @description In the list's order. */
            items: {
                /** Format: int64 */
                bytes: number;
                /** Format: date-time */
                created_at: string;
                error?: string | null;
                /**
                 * @description As it was called.
                 * @example contacts.csv
                 */
                file_name: string;
                /** Format: date-time */
                finished_at?: string | null;
                id: components["schemas"]["ImportId"];
                options: components["schemas"]["ImportOptions"];
                /**
                 * @description How Kazi reads the file: its kind, its encoding and delimiter, or its sheet. Known once the file is open.
                 * @example CSV with “;” in windows-1256
                 */
                read_as?: string | null;
                /**
                 * Format: int64
                 * @description Rows that broke a rule, and were not imported.
                 */
                rows_bad: number;
                /**
                 * Format: int64
                 * @description Rows that made a new contact.
                 */
                rows_created: number;
                /**
                 * Format: int64
                 * @description Those that have been dealt with.
                 */
                rows_done: number;
                /**
                 * Format: int64
                 * @description Rows that were imported without one of their values, or that have the phone of an earlier row.
                 */
                rows_remarked: number;
                /**
                 * Format: int64
                 * @description Of these contacts, those who had another name before.
                 */
                rows_renamed: number;
                /**
                 * Format: int64
                 * @description Left as they were.
                 */
                rows_skipped: number;
                /**
                 * Format: int64
                 * @description Known once the file has been looked through.
                 */
                rows_total?: number | null;
                /**
                 * Format: int64
                 * @description Contacts that were there and were changed; a second row of one phone counts here too.
                 */
                rows_updated: number;
                /** Format: date-time */
                started_at?: string | null;
                /**
                 * @description queued, running, done, failed, cancelled.
                 * @example running
                 */
                status: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_InvitationView: {
            /** @description In the list's order. */
            items: {
                /**
                 * Format: date-time
                 * @description When it was made.
                 */
                created_at: string;
                email: string;
                /** Format: date-time */
                expires_at: string;
                id: components["schemas"]["InvitationId"];
                invited_by_id?: components["schemas"]["UserId"] | null;
                /**
                 * @description The language of the letter.
                 * @example fr
                 */
                language: string;
                /** @description The role of the new member. */
                role: components["schemas"]["Role"];
                /**
                 * @description `open`, `accepted`, `declined` or `revoked`.
                 * @example open
                 */
                status: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_LedgerEntry: {
            /** @description In the list's order. */
            items: {
                /**
                 * @description `stripe`, `sales`, `refunds`, `fees`, `unmatched`, `bank`, `adjustments` or `exchange`.
                 * @example stripe
                 */
                account: string;
                /**
                 * Format: int64
                 * @description Minor units. Debit is positive, credit negative.
                 * @example 1250
                 */
                amount_minor: number;
                /**
                 * @description ISO 4217.
                 * @example USD
                 */
                currency: string;
                /** Format: date-time */
                happened_at: string;
                /**
                 * @description `charge`, `fee`, `refund`, `refund_failed`, `payout`, `exchange` or `adjustment`.
                 * @example charge
                 */
                kind: string;
                payment_id?: components["schemas"]["PaymentId"] | null;
                /**
                 * @description The event outside.
                 * @example charge:pi_3MtwBwLkdIwHu7ix28a3tqPa
                 */
                reference: string;
                /**
                 * Format: uuid
                 * @description The transaction of the entry.
                 */
                transaction_id: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Member: {
            /** @description In the list's order. */
            items: {
                /**
                 * Format: date-time
                 * @description When the member joined.
                 */
                created_at: string;
                /**
                 * @description `null` when the account is deleted.
                 * @example amina@example.com
                 */
                email?: string | null;
                id: components["schemas"]["UserId"];
                /** @example Amina Otieno */
                name?: string | null;
                role: components["schemas"]["Role"];
                /**
                 * Format: date-time
                 * @description Since when the member is suspended. `null`: they are not.
                 */
                suspended_at?: string | null;
                /**
                 * Format: date-time
                 * @description When the role was last changed.
                 */
                updated_at: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_MenuItem: {
            /** @description In the list's order. */
            items: {
                /** @description Whether customers see it. */
                active: boolean;
                /** Format: date-time */
                created_at: string;
                /**
                 * @description Texts by language.
                 * @example {
                 *       "en": "When we are there"
                 *     }
                 */
                descriptions: {
                    [key: string]: string;
                };
                id: components["schemas"]["MenuItemId"];
                /**
                 * @description What a tap does. A key of `/api/v1/menu-items/actions` opens that part of the chat. Any other key makes the item a
                 *     question, which a model answers.
                 * @example hours
                 */
                key: string;
                /**
                 * Format: int32
                 * @description Items are sorted by this number, and by the key.
                 */
                sort_order: number;
                /**
                 * @description Texts by language.
                 * @example {
                 *       "en": "Opening hours"
                 *     }
                 */
                titles: {
                    [key: string]: string;
                };
                /** Format: date-time */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Rises with each change. The `ETag` is made of it.
                 * @example 3
                 */
                version: number;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Message: {
            /** @description In the list's order. */
            items: {
                /**
                 * Format: date-time
                 * @description When the provider accepted it.
                 */
                accepted_at?: string | null;
                /**
                 * Format: uuid
                 * @description The user or the API key that wrote it, for the cause `agent`.
                 */
                author_id?: string | null;
                /**
                 * @description Why it was written: `customer`, `bot`, `ai`, `agent`, `campaign`, `reminder`, `news`, `order` or `system`.
                 * @example customer
                 */
                cause: string;
                /** @description Out: the parts of the message. In: the tapped choice, or the attachment. */
                content: Record<string, never>;
                conversation_id: components["schemas"]["ConversationId"];
                /** Format: date-time */
                created_at: string;
                /**
                 * Format: date-time
                 * @description When it reached the phone.
                 */
                delivered_at?: string | null;
                /**
                 * @description `in`: from the customer. `out`: to the customer.
                 * @example in
                 */
                direction: string;
                /**
                 * Format: int64
                 * @description The provider's code, for a failure.
                 */
                error_code?: number | null;
                /** @description Why it has failed. */
                error_detail?: string | null;
                /** Format: date-time */
                failed_at?: string | null;
                id: components["schemas"]["MessageId"];
                /**
                 * @description `text`, `image`, `buttons`, `list`, `template` …
                 * @example text
                 */
                kind: string;
                media?: components["schemas"]["MessageMedia"] | null;
                /**
                 * Format: date-time
                 * @description When the contact read it.
                 */
                read_at?: string | null;
                /**
                 * Format: date-time
                 * @description When the request left.
                 */
                sending_at?: string | null;
                /**
                 * Format: date-time
                 * @description When the provider sent it.
                 */
                sent_at?: string | null;
                /**
                 * @description In: `received`. Out: `queued`, `sending`, `accepted`, `sent`, `delivered`, `read` or `failed`.
                 * @example received
                 */
                status: string;
                /** @description The text that a person reads. */
                text: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_NewsDigest: {
            /** @description In the list's order. */
            items: {
                /** @description In the order of the message. */
                article_ids: components["schemas"]["ArticleId"][];
                contact_id: components["schemas"]["ContactId"];
                /** Format: date-time */
                due_at: string;
                id: components["schemas"]["DigestId"];
                message_id?: components["schemas"]["MessageId"] | null;
                /** @description Why it was not sent: `late`, `stopped`, or why the reader cannot be reached. */
                reason?: string | null;
                /** @description The reason for the digest. */
                slot: components["schemas"]["NewsSlot"];
                status: components["schemas"]["DigestStatus"];
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_NewsSubscription: {
            /** @description In the list's order. */
            items: {
                /** @description Whether the reader gets news. */
                active: boolean;
                /** @description Local times of the reader. */
                briefs: components["schemas"]["BriefTimes"];
                contact_id: components["schemas"]["ContactId"];
                /** Format: date-time */
                created_at: string;
                /**
                 * Format: int32
                 * @description Articles per day that the reader has not asked for.
                 */
                daily_limit: number;
                id: components["schemas"]["NewsSubscriptionId"];
                /**
                 * @description The reader's language. `null`: the contact's.
                 * @example fr
                 */
                language?: string | null;
                /** Format: date-time */
                next_due_at?: string | null;
                /**
                 * @example [
                 *       "sports",
                 *       "world"
                 *     ]
                 */
                topics: string[];
                /** Format: date-time */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Rises with each change. The `ETag` is made of it.
                 * @example 3
                 */
                version: number;
                /**
                 * @description The reader's IANA time zone.
                 * @example Africa/Nairobi
                 */
                zone: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_NotificationView: {
            /** @description In the list's order. */
            items: {
                /**
                 * Format: date-time
                 * @description When it was written.
                 */
                created_at: string;
                /** @description Ids, for a link. */
                data: Record<string, never>;
                id: components["schemas"]["NotificationId"];
                /**
                 * @description What it is about.
                 * @example channel_stopped
                 */
                kind: string;
                /**
                 * Format: date-time
                 * @description When it was marked as read.
                 */
                read_at?: string | null;
                /** @description One sentence. */
                title: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Offering: {
            /** @description In the list's order. */
            items: {
                active: boolean;
                /**
                 * Format: int32
                 * @description Minutes that the staff stays free after the booking.
                 * @example 15
                 */
                buffer_minutes: number;
                /** Format: date-time */
                created_at: string;
                /**
                 * @description ISO 4217: the workspace's currency when the price was set.
                 * @example KES
                 */
                currency?: string | null;
                /**
                 * Format: int32
                 * @example 45
                 */
                duration_minutes: number;
                id: components["schemas"]["OfferingId"];
                /**
                 * Format: int32
                 * @description Bookings are at most this many days ahead.
                 * @example 30
                 */
                max_ahead_days: number;
                /**
                 * Format: int32
                 * @description Customers must book this many minutes ahead.
                 * @example 60
                 */
                min_ahead_minutes: number;
                /**
                 * @description Texts by language.
                 * @example {
                 *       "en": "Haircut"
                 *     }
                 */
                names: {
                    [key: string]: string;
                };
                /**
                 * Format: int64
                 * @description Minor units. `null`: no price is shown.
                 * @example 1500
                 */
                price_minor?: number | null;
                provider_ids: components["schemas"]["StaffId"][];
                /**
                 * @description Minutes before the beginning at which customers are reminded, the longest first.
                 * @example [
                 *       1440,
                 *       120
                 *     ]
                 */
                reminder_minutes: number[];
                /**
                 * Format: int32
                 * @description Minutes between the beginnings of two slots.
                 * @example 30
                 */
                step_minutes: number;
                /** Format: date-time */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Rises with each change. The `ETag` is made of it.
                 * @example 3
                 */
                version: number;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Order: {
            /** @description In the list's order. */
            items: {
                contact_id: components["schemas"]["ContactId"];
                /** Format: date-time */
                created_at: string;
                /**
                 * @description ISO 4217.
                 * @example USD
                 */
                currency: string;
                /** Format: date-time */
                delivered_at?: string | null;
                /**
                 * Format: date-time
                 * @description When it was cancelled, expired or refunded.
                 */
                ended_at?: string | null;
                /**
                 * Format: date-time
                 * @description The end of the payment time.
                 */
                expires_at: string;
                /**
                 * Format: date-time
                 * @description When it was packed.
                 */
                fulfilled_at?: string | null;
                id: components["schemas"]["OrderId"];
                /** @description With the names and prices at the time of the order. */
                items: components["schemas"]["OrderItem"][];
                /** @description The customer's remark. */
                note: string;
                /**
                 * Format: int64
                 * @description The order's number in the workspace, from 1.
                 * @example 12
                 */
                number: number;
                /** Format: date-time */
                paid_at?: string | null;
                /** @description The address of the payment, while the order can be paid. */
                payment_url?: string | null;
                shipments: components["schemas"]["Shipment"][];
                /**
                 * Format: date-time
                 * @description When a carrier took it.
                 */
                shipped_at?: string | null;
                status: components["schemas"]["OrderStatus"];
                /**
                 * Format: int64
                 * @description In minor units.
                 * @example 2500
                 */
                total_minor: number;
                /**
                 * @description Why the notice of the last change could not reach the customer: `blocked`, `no_channel`, `no_template`,
                 *     or of a template that Meta has made marketing: `opted_out`, `no_consent`, `us_marketing`.
                 */
                unreachable?: string | null;
                /**
                 * Format: date-time
                 * @description The last move.
                 */
                updated_at: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_OwnSession: {
            /** @description In the list's order. */
            items: (components["schemas"]["SessionView"] & {
                /** @description Whether it is the session of this call. */
                is_current: boolean;
            })[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Payment: {
            /** @description In the list's order. */
            items: {
                /**
                 * Format: int64
                 * @description Minor units, such as cents.
                 * @example 1250
                 */
                amount_minor: number;
                contact_id: components["schemas"]["ContactId"];
                /** Format: date-time */
                created_at: string;
                /**
                 * @description ISO 4217.
                 * @example USD
                 */
                currency: string;
                /** @description The text at the payment page. */
                description: string;
                /** @description Why it failed. */
                error?: string | null;
                /**
                 * Format: date-time
                 * @description The end of the payment time.
                 */
                expires_at: string;
                id: components["schemas"]["PaymentId"];
                /** @description Stripe's id of the PaymentIntent. */
                intent_id?: string | null;
                /** Format: date-time */
                paid_at?: string | null;
                received_currency?: string | null;
                /**
                 * Format: int64
                 * @description The money that came.
                 */
                received_minor: number;
                /**
                 * Format: int64
                 * @description The part of it that went back or is on its way.
                 */
                refunded_minor: number;
                /** @description Stripe's id of the Checkout session. */
                session_id?: string | null;
                /**
                 * @description `requested`, `open`, `processing`, `paid`, `refunded`, `mismatched`, `expired`, `failed` or `withdrawn`.
                 * @example paid
                 */
                status: string;
                /** @example ord_0190a5b2c3d4e5f60718293a4b5c6d7e */
                subject_id: string;
                /**
                 * @description `order` or `subscription`.
                 * @example order
                 */
                subject_kind: string;
                /** Format: date-time */
                updated_at: string;
                /** @description The payment page, while the payment is open. */
                url?: string | null;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_PaymentDifference: {
            /** @description In the list's order. */
            items: {
                /**
                 * @description `webhook_lost`, `behind`, `amount_differs`, `currency_differs`, `unknown_session`, `paid_after_end`, `paid_twice`,
                 *     `missing_at_stripe`, `charge_without_payment`, `ledger_differs`, `refund_elsewhere`, `refund_failed` or `disputed`.
                 * @example amount_differs
                 */
                cause: string;
                /** @description The expected and the found values. */
                detail: Record<string, never>;
                /**
                 * Format: date-time
                 * @description When it was found first.
                 */
                found_at: string;
                id: components["schemas"]["DifferenceId"];
                payment_id?: components["schemas"]["PaymentId"] | null;
                /** @description Stripe's id of the object, or Kazi's when Stripe has none. */
                reference: string;
                /** @description Whether no person must act. */
                repaired: boolean;
                /**
                 * Format: date-time
                 * @description When it was found last.
                 */
                seen_at: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Plan: {
            /** @description In the list's order. */
            items: {
                /** @description Whether contacts can subscribe. */
                active: boolean;
                /** Format: date-time */
                created_at: string;
                /**
                 * @description Texts by language.
                 * @example {
                 *       "en": "300 channels"
                 *     }
                 */
                descriptions: {
                    [key: string]: string;
                };
                /**
                 * Format: int32
                 * @description Days after the end in which a payment continues the subscription from its end.
                 * @example 3
                 */
                grace_days: number;
                id: components["schemas"]["PlanId"];
                /**
                 * @description Texts by language.
                 * @example {
                 *       "en": "IPTV, one month"
                 *     }
                 */
                names: {
                    [key: string]: string;
                };
                /** @description The time that a payment buys. */
                period: components["schemas"]["PlanPeriod"];
                /** @description The price of a period. */
                price: Record<string, never>;
                /**
                 * @description Days before the end at which the customer is reminded.
                 * @example [
                 *       7,
                 *       3,
                 *       1
                 *     ]
                 */
                remind_days: number[];
                /** Format: date-time */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Rises with each change. The `ETag` is made of it.
                 * @example 3
                 */
                version: number;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Product: {
            /** @description In the list's order. */
            items: {
                /** @description Whether customers can buy it. */
                active: boolean;
                category_id?: components["schemas"]["CategoryId"] | null;
                /** Format: date-time */
                created_at: string;
                /**
                 * @description ISO 4217.
                 * @example USD
                 */
                currency: string;
                id: components["schemas"]["ProductId"];
                /**
                 * @description The https address of a picture.
                 * @example https://example.com/coffee.jpg
                 */
                image_url?: string | null;
                /**
                 * Format: int32
                 * @description Members are notified when the stock falls to this number. `null`: never.
                 * @example 10
                 */
                low_stock_at?: number | null;
                /**
                 * Format: int64
                 * @example 1250
                 */
                price_minor: number;
                /**
                 * @description The business's own number.
                 * @example COF-250
                 */
                sku: string;
                /**
                 * Format: int32
                 * @description What is left. Ordered and unpaid items are taken off.
                 * @example 24
                 */
                stock: number;
                /**
                 * @description Texts by language.
                 * @example {
                 *       "en": {
                 *         "description": "Arabica beans",
                 *         "name": "Kenyan coffee"
                 *       }
                 *     }
                 */
                texts: {
                    [key: string]: components["schemas"]["ProductText"];
                };
                /**
                 * Format: date-time
                 * @description The last edit. A sale does not count.
                 */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Rises with each change. The `ETag` is made of it.
                 * @example 3
                 */
                version: number;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Prompt: {
            /** @description In the list's order. */
            items: {
                /** @description Whether the bot uses the prompt. */
                active: boolean;
                /** @example You are the assistant of Baraka Tea. Be brief and friendly. */
                body: string;
                channel_id?: components["schemas"]["ChannelId"] | null;
                /** Format: date-time */
                created_at: string;
                id: components["schemas"]["PromptId"];
                /**
                 * Format: int32
                 * @description The longest answer, in tokens.
                 */
                max_tokens: number;
                /**
                 * @description The model, and its substitutes when it is not available, by their names at OpenRouter.
                 * @example [
                 *       "openai/gpt-5-mini",
                 *       "google/gemini-3-flash"
                 *     ]
                 */
                models: string[];
                /** @example Assistant */
                name: string;
                /**
                 * Format: int32
                 * @description Rises with each change of `body`, `models`, `temperature`, `max_tokens` or `tools`.
                 */
                revision: number;
                /**
                 * Format: float
                 * @description 0 to 2. A higher temperature makes answers more various.
                 */
                temperature: number;
                /**
                 * @description Whether the model may call tools for the customer: search the catalogue, fill the cart, look up orders,
                 *     subscriptions, opening hours and free times, and hand over to a person. Orders and bookings need the customer's
                 *     own tap.
                 */
                tools: boolean;
                /** Format: date-time */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Rises with each change. The `ETag` is made of it.
                 * @example 3
                 */
                version: number;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_PromptRevision: {
            /** @description In the list's order. */
            items: {
                body: string;
                /** Format: date-time */
                created_at: string;
                /** Format: int32 */
                max_tokens: number;
                models: string[];
                /** Format: int32 */
                revision: number;
                /** Format: float */
                temperature: number;
                tools: boolean;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Provider: {
            /** @description In the list's order. */
            items: {
                active: boolean;
                /** Format: date-time */
                created_at: string;
                id: components["schemas"]["StaffId"];
                kind: components["schemas"]["ProviderKind"];
                /**
                 * @description The name that customers read.
                 * @example Wanjiru
                 */
                name: string;
                /** Format: date-time */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Rises with each change. The `ETag` is made of it.
                 * @example 3
                 */
                version: number;
                /**
                 * @description The IANA time zone of the opening hours.
                 * @example Africa/Nairobi
                 */
                zone: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_RecipientView: {
            /** @description In the list's order. */
            items: (components["schemas"]["CampaignRecipient"] & {
                outcome?: components["schemas"]["MessageOutcome"] | null;
            })[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Reconciliation: {
            /** @description In the list's order. */
            items: {
                /**
                 * Format: int32
                 * @description The number of all differences.
                 */
                differences: number;
                /** @description Why it failed. */
                error?: string | null;
                /**
                 * Format: int32
                 * @description The number of Stripe's events that were read.
                 */
                events: number;
                /** Format: date-time */
                finished_at?: string | null;
                /**
                 * Format: date-time
                 * @description The beginning of the compared time.
                 */
                from_at: string;
                id: components["schemas"]["ReconciliationId"];
                /**
                 * Format: int32
                 * @description The number of differences that were repaired.
                 */
                repaired: number;
                /**
                 * Format: int32
                 * @description The number of Stripe's sessions that were read.
                 */
                sessions: number;
                /** Format: date-time */
                started_at: string;
                /**
                 * @description `running`, `done` or `failed`.
                 * @example done
                 */
                status: string;
                /**
                 * Format: int32
                 * @description The number of Stripe's balance transactions that were read.
                 */
                transactions: number;
                /**
                 * Format: date-time
                 * @description The end of the compared time.
                 */
                until_at: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_RowFault: {
            /** @description In the list's order. */
            items: {
                /**
                 * @description Stable, for programs.
                 * @example invalid_phone
                 */
                code: string;
                /**
                 * @description As the file calls it; empty where the row as a whole is at fault.
                 * @example Phone
                 */
                column: string;
                /** @description The rule, for a person. */
                detail: string;
                /** @description True when the row was imported: without this value, or over an earlier row. */
                imported: boolean;
                /**
                 * Format: int64
                 * @description Of the file, from 1.
                 */
                line: number;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Segment: {
            /** @description In the list's order. */
            items: {
                audience: components["schemas"]["Audience"];
                /** Format: date-time */
                created_at: string;
                id: components["schemas"]["SegmentId"];
                /**
                 * @description The name that members see.
                 * @example Regulars in Nairobi
                 */
                name: string;
                /**
                 * Format: date-time
                 * @description The last change.
                 */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Rises with each change. The `ETag` is made of it.
                 * @example 3
                 */
                version: number;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_SocialAccount: {
            /** @description In the list's order. */
            items: {
                /**
                 * Format: date-time
                 * @description When the network last accepted the token.
                 */
                checked_at?: string | null;
                /** Format: date-time */
                created_at: string;
                /**
                 * @description The network's id of the account or page.
                 * @example 17841400000000000
                 */
                external_id: string;
                id: components["schemas"]["AccountId"];
                /**
                 * @description The name that people see.
                 * @example zuri.market
                 */
                name: string;
                network: components["schemas"]["SocialNetwork"];
                /**
                 * @description `active`, or `refused`: the network no longer accepts its token.
                 * @example active
                 */
                status: string;
                /** @description The network's text, when it refuses the token. */
                status_reason?: string | null;
                /**
                 * Format: date-time
                 * @description The end of the token, if it has one.
                 */
                token_expires_at?: string | null;
                /** @description The last four characters of the token. */
                token_hint: string;
                /** Format: date-time */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Rises with each change. The `ETag` is made of it.
                 * @example 3
                 */
                version: number;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_SocialContent: {
            /** @description In the list's order. */
            items: {
                /** Format: date-time */
                created_at: string;
                id: components["schemas"]["ContentId"];
                /** @description In their order. */
                media: components["schemas"]["SocialMedia"][];
                /** @example Fresh tea from Kericho. #tea */
                text: string;
                /** Format: date-time */
                updated_at: string;
                /**
                 * @description Other texts by network.
                 * @example {
                 *       "instagram": "Fresh tea! #tea"
                 *     }
                 */
                variants: {
                    [key: string]: string;
                };
                /**
                 * Format: int64
                 * @description Rises with each change. The `ETag` is made of it.
                 * @example 3
                 */
                version: number;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_SocialPublication: {
            /** @description In the list's order. */
            items: {
                account_id: components["schemas"]["AccountId"];
                /** @description Why it failed. */
                error?: string | null;
                id: components["schemas"]["PublicationId"];
                /** @description As they were at the beginning. */
                media: components["schemas"]["SocialMedia"][];
                network: components["schemas"]["SocialNetwork"];
                /** @description The public address. */
                permalink?: string | null;
                /** @description The network's id of the post. Empty when the post was found without a certain id. */
                post_id?: string | null;
                /**
                 * Format: date-time
                 * @description When it was known to be public.
                 */
                published_at?: string | null;
                schedule_id: components["schemas"]["ScheduleId"];
                /** Format: date-time */
                started_at: string;
                /**
                 * @description The schedule's status: `publishing`, `published` or `failed`, and `scheduled` again before another try.
                 * @example published
                 */
                status: string;
                /** @description The history, oldest first. */
                steps: components["schemas"]["SocialStep"][];
                /** @description As it was at the beginning. */
                text: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_SocialSchedule: {
            /** @description In the list's order. */
            items: {
                account_id: components["schemas"]["AccountId"];
                content_id: components["schemas"]["ContentId"];
                /** Format: date-time */
                created_at: string;
                /** Format: date-time */
                due_at: string;
                /** @description Why it failed. */
                error?: string | null;
                id: components["schemas"]["ScheduleId"];
                /**
                 * @description The local time in the zone.
                 * @example 2026-12-24T18:00:00
                 */
                local_time: string;
                network: components["schemas"]["SocialNetwork"];
                /** @description The public address. */
                permalink?: string | null;
                /**
                 * @description `scheduled`, `publishing`, `published`, `failed` or `cancelled`.
                 * @example scheduled
                 */
                status: string;
                /** Format: date-time */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Rises with each change. The `ETag` is made of it.
                 * @example 3
                 */
                version: number;
                /** @example Africa/Nairobi */
                zone: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Subscription: {
            /** @description In the list's order. */
            items: {
                /** @description Whether it is cancelled at its end without asking for a payment. */
                auto_cancel: boolean;
                contact_id: components["schemas"]["ContactId"];
                /** Format: date-time */
                created_at: string;
                /**
                 * Format: date-time
                 * @description The end of the paid time.
                 */
                ends_at?: string | null;
                /**
                 * Format: date-time
                 * @description With the status `grace`: the end of the grace.
                 */
                grace_until?: string | null;
                id: components["schemas"]["SubscriptionId"];
                payment?: components["schemas"]["SubscriptionPayment"] | null;
                plan_id: components["schemas"]["PlanId"];
                /**
                 * Format: date-time
                 * @description `null` while it is pending.
                 */
                starts_at?: string | null;
                status: components["schemas"]["SubscriptionStatus"];
                /** Format: date-time */
                updated_at: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_SubscriptionPeriod: {
            /** @description In the list's order. */
            items: {
                amount: Record<string, never>;
                /** Format: date-time */
                ends_at: string;
                id: components["schemas"]["PeriodId"];
                /** Format: date-time */
                paid_at: string;
                payment_id: components["schemas"]["PaymentId"];
                /**
                 * Format: date-time
                 * @description When the money went back.
                 */
                refunded_at?: string | null;
                /** Format: date-time */
                starts_at: string;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Template: {
            /** @description In the list's order. */
            items: {
                /** @description The business account (WABA). */
                account_id: string;
                /** @description The text, with variables `{{1}}`, `{{2}}` … */
                body: string;
                /** @description The category that Meta charges. */
                category: components["schemas"]["TemplateCategory"];
                /** @description All parts in Meta's form. */
                components: Record<string, never>[];
                /** Format: date-time */
                created_at: string;
                /** @description Meta's id of the template. */
                external_id?: string | null;
                id: components["schemas"]["TemplateId"];
                /**
                 * @description In Meta's form: `en`, `en_US`.
                 * @example en
                 */
                language: string;
                /**
                 * @description Small letters, digits, underscores.
                 * @example spring_offer
                 */
                name: string;
                /**
                 * Format: date-time
                 * @description The end of the pause, if it is known.
                 */
                paused_until?: string | null;
                /**
                 * @description green, yellow, red or unknown: Meta's rating by customers' reactions.
                 * @example green
                 */
                quality: string;
                /** @description Why it was rejected, paused or disabled. */
                reason?: string | null;
                status: components["schemas"]["TemplateStatus"];
                /**
                 * Format: date-time
                 * @description The last change.
                 */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Rises with each change. The `ETag` is made of it.
                 * @example 3
                 */
                version: number;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_Ticket: {
            /** @description In the list's order. */
            items: {
                assignee_id?: components["schemas"]["UserId"] | null;
                /** @example delivery */
                category?: string | null;
                /** Format: date-time */
                closed_at?: string | null;
                contact_id: components["schemas"]["ContactId"];
                conversation_id?: components["schemas"]["ConversationId"] | null;
                /** Format: date-time */
                created_at: string;
                /**
                 * @description The business's own values.
                 * @example {
                 *       "serial": "A-77"
                 *     }
                 */
                fields: {
                    [key: string]: unknown;
                };
                /**
                 * Format: date-time
                 * @description When a member first answered.
                 */
                first_response_at?: string | null;
                id: components["schemas"]["TicketId"];
                /**
                 * Format: int64
                 * @description How people call it. Numbers grow within a workspace.
                 * @example 12
                 */
                number: number;
                /** @enum {string} */
                priority: "low" | "normal" | "high" | "urgent";
                /**
                 * Format: date-time
                 * @description When it was resolved, or closed without that.
                 */
                resolved_at?: string | null;
                /**
                 * @description How far a ticket has come.
                 * @enum {string}
                 */
                status: "open" | "pending" | "resolved" | "closed";
                /** @example No picture */
                subject: string;
                /**
                 * @description In small letters, in order.
                 * @example [
                 *       "tv"
                 *     ]
                 */
                tags: string[];
                /** Format: date-time */
                updated_at: string;
                /**
                 * Format: date-time
                 * @description The time of the first customer message without an answer.
                 */
                waiting_since?: string | null;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        Page_TicketMessage: {
            /** @description In the list's order. */
            items: {
                author: components["schemas"]["TicketAuthor"];
                /**
                 * Format: uuid
                 * @description The member or the API key.
                 */
                author_id?: string | null;
                /** @example Since this morning the screen is black. */
                body: string;
                /** Format: date-time */
                created_at: string;
                id: components["schemas"]["TicketMessageId"];
                /** @description A note for members: the customer never gets it. */
                internal: boolean;
            }[];
            /** @description The `cursor` of the next page. `null` on the last page. */
            next_cursor?: string | null;
        };
        /** @description The value of a variable. */
        Parameter: {
            /** @description The same for all recipients. */
            text: string;
        } | {
            /**
             * @description A field of the contact: `name`, `first_name`, `phone`, `email`, `language`, `country`, or `attributes.` and the
             *     key of a custom field. A contact without the field gets the fallback. Without a fallback, the contact is left
             *     out.
             */
            field: {
                /** @description The value for contacts without the field. */
                fallback?: string | null;
                /** @example first_name */
                name: string;
            };
        };
        Pause: {
            /**
             * @description The reason for other members, up to 100 characters.
             * @example stocktaking
             */
            reason?: string;
        };
        /** @description A payment for members. */
        Payment: {
            /**
             * Format: int64
             * @description Minor units, such as cents.
             * @example 1250
             */
            amount_minor: number;
            contact_id: components["schemas"]["ContactId"];
            /** Format: date-time */
            created_at: string;
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            /** @description The text at the payment page. */
            description: string;
            /** @description Why it failed. */
            error?: string | null;
            /**
             * Format: date-time
             * @description The end of the payment time.
             */
            expires_at: string;
            id: components["schemas"]["PaymentId"];
            /** @description Stripe's id of the PaymentIntent. */
            intent_id?: string | null;
            /** Format: date-time */
            paid_at?: string | null;
            received_currency?: string | null;
            /**
             * Format: int64
             * @description The money that came.
             */
            received_minor: number;
            /**
             * Format: int64
             * @description The part of it that went back or is on its way.
             */
            refunded_minor: number;
            /** @description Stripe's id of the Checkout session. */
            session_id?: string | null;
            /**
             * @description `requested`, `open`, `processing`, `paid`, `refunded`, `mismatched`, `expired`, `failed` or `withdrawn`.
             * @example paid
             */
            status: string;
            /** @example ord_0190a5b2c3d4e5f60718293a4b5c6d7e */
            subject_id: string;
            /**
             * @description `order` or `subscription`.
             * @example order
             */
            subject_kind: string;
            /** Format: date-time */
            updated_at: string;
            /** @description The payment page, while the payment is open. */
            url?: string | null;
        };
        /** @description An account for its members, without its secrets. */
        PaymentAccount: {
            /**
             * @description Stripe's id of the account.
             * @example acct_1032D82eZvKYlo2C
             */
            account_id: string;
            /** Format: date-time */
            created_at: string;
            /** @description Without a secret, Kazi refuses all webhooks and sees payments only in reconciliations. */
            has_webhook_secret: boolean;
            id: components["schemas"]["PaymentAccountId"];
            /**
             * @description The last four characters of the key.
             * @example 4Ld2
             */
            key_hint: string;
            /** @description Whether the money is real. `false`: Stripe's test mode. */
            live: boolean;
            /**
             * @description `active`, or `refused`: Stripe does not accept the key.
             * @example active
             */
            status: string;
            /** @description Why it is refused. */
            status_reason?: string | null;
            /** Format: date-time */
            updated_at: string;
        };
        /** @example pac_0190a5b2c3d4e5f60718293a4b5c6d7e */
        PaymentAccountId: string;
        /** @description The secrets of an account at Stripe. */
        PaymentAccountSecrets: {
            /**
             * @description `sk_test_…`, `sk_live_…`, or a restricted key `rk_…` that may write Checkout sessions and refunds, and read
             *     events and balance transactions. Stripe checks it first. It is never shown again.
             */
            key: string;
            /** @description `whsec_…`, from the endpoint in Stripe's dashboard. Left out: the present one stays. */
            webhook_secret?: string | null;
        };
        /** @description A difference between Kazi and Stripe, for members. */
        PaymentDifference: {
            /**
             * @description `webhook_lost`, `behind`, `amount_differs`, `currency_differs`, `unknown_session`, `paid_after_end`, `paid_twice`,
             *     `missing_at_stripe`, `charge_without_payment`, `ledger_differs`, `refund_elsewhere`, `refund_failed` or `disputed`.
             * @example amount_differs
             */
            cause: string;
            /** @description The expected and the found values. */
            detail: Record<string, never>;
            /**
             * Format: date-time
             * @description When it was found first.
             */
            found_at: string;
            id: components["schemas"]["DifferenceId"];
            payment_id?: components["schemas"]["PaymentId"] | null;
            /** @description Stripe's id of the object, or Kazi's when Stripe has none. */
            reference: string;
            /** @description Whether no person must act. */
            repaired: boolean;
            /**
             * Format: date-time
             * @description When it was found last.
             */
            seen_at: string;
        };
        /** @example pay_0190a5b2c3d4e5f60718293a4b5c6d7e */
        PaymentId: string;
        /** @example per_0190a5b2c3d4e5f60718293a4b5c6d7e */
        PeriodId: string;
        /**
         * @description The unit of a period.
         * @enum {string}
         */
        PeriodUnit: "day" | "month";
        /** @description A permission, and the roles that have it. */
        PermissionView: {
            /** @description Whether an API key may have it as a scope. */
            is_scope: boolean;
            /** @description Whether it needs a fresh second factor, if the user has one. */
            needs_step_up: boolean;
            /** @example contacts.read */
            permission: string;
            /**
             * @example [
             *       "admin",
             *       "owner"
             *     ]
             */
            roles: components["schemas"]["Role"][];
        };
        /** @description A copy of all data of a contact. */
        PersonalData: {
            /** @description The newest 1,000 bookings, the oldest of them first. */
            bookings: components["schemas"]["Booking"][];
            /** @description Given and withdrawn consents, the newest first. */
            consents: components["schemas"]["Consent"][];
            contact: components["schemas"]["ContactView"];
            /** @description The ids that channels have for the contact. */
            identities: components["schemas"]["KnownAs"][];
            /** @description The newest 50,000 messages, the oldest of them first. */
            messages: components["schemas"]["Spoken"][];
            /** @description The newest 1,000 notes of members about the conversations, the newest first. */
            notes: components["schemas"]["ConversationNote"][];
            /** @description The newest 1,000 orders, the newest first. */
            orders: components["schemas"]["Order"][];
            /** @description The newest 1,000 subscriptions, the newest first. */
            subscriptions: components["schemas"]["Subscription"][];
            /** @description The newest 1,000 tickets, the newest first. */
            tickets: components["schemas"]["TicketCopy"][];
        };
        Plan: {
            /** @description Whether contacts can subscribe. */
            active: boolean;
            /** Format: date-time */
            created_at: string;
            /**
             * @description Texts by language.
             * @example {
             *       "en": "300 channels"
             *     }
             */
            descriptions: {
                [key: string]: string;
            };
            /**
             * Format: int32
             * @description Days after the end in which a payment continues the subscription from its end.
             * @example 3
             */
            grace_days: number;
            id: components["schemas"]["PlanId"];
            /**
             * @description Texts by language.
             * @example {
             *       "en": "IPTV, one month"
             *     }
             */
            names: {
                [key: string]: string;
            };
            /** @description The time that a payment buys. */
            period: components["schemas"]["PlanPeriod"];
            /** @description The price of a period. */
            price: Record<string, never>;
            /**
             * @description Days before the end at which the customer is reminded.
             * @example [
             *       7,
             *       3,
             *       1
             *     ]
             */
            remind_days: number[];
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change. The `ETag` is made of it.
             * @example 3
             */
            version: number;
        };
        /** @example pln_0190a5b2c3d4e5f60718293a4b5c6d7e */
        PlanId: string;
        /** @description Fields that are left out stay. Running subscriptions get the new price with their next payment. */
        PlanPatch: {
            /**
             * @description Whether contacts can subscribe.
             * @example false
             */
            active?: boolean | null;
            /**
             * @example {
             *       "en": "300 channels"
             *     }
             */
            descriptions?: {
                [key: string]: string;
            } | null;
            /**
             * Format: int32
             * @description As for a new plan.
             * @example 3
             */
            grace_days?: number | null;
            /**
             * @example {
             *       "en": "IPTV, one month"
             *     }
             */
            names?: {
                [key: string]: string;
            } | null;
            /** @description The price of a period. */
            price?: Record<string, never> | null;
            /**
             * @description As for a new plan. It holds from the next period on.
             * @example [
             *       7,
             *       3,
             *       1
             *     ]
             */
            remind_days?: number[] | null;
        };
        /** @description The time that a payment buys. */
        PlanPeriod: {
            /**
             * Format: int32
             * @description Up to 366 days, or 24 months.
             * @example 1
             */
            count: number;
            unit: components["schemas"]["PeriodUnit"];
        };
        Prices: {
            /** @description All prices, in one currency. */
            items: components["schemas"]["MessagePrice"][];
        };
        /** @description The form of an error. */
        Problem: {
            /**
             * @description Stable, for programs.
             * @example invalid
             */
            code: string;
            /** @description What is special about this occurrence. */
            detail?: string;
            errors?: components["schemas"]["FieldError"][];
            /** @description The id of the call, as in the log. */
            request_id?: string;
            /**
             * Format: int32
             * @description The HTTP status.
             * @example 422
             */
            status: number;
            /**
             * @description Always the same for a code.
             * @example Some fields break their rules.
             */
            title: string;
            /**
             * @description Names the kind. It is not an address.
             * @example urn:kazi:problem:invalid
             */
            type: string;
        };
        Product: {
            /** @description Whether customers can buy it. */
            active: boolean;
            category_id?: components["schemas"]["CategoryId"] | null;
            /** Format: date-time */
            created_at: string;
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            id: components["schemas"]["ProductId"];
            /**
             * @description The https address of a picture.
             * @example https://example.com/coffee.jpg
             */
            image_url?: string | null;
            /**
             * Format: int32
             * @description Members are notified when the stock falls to this number. `null`: never.
             * @example 10
             */
            low_stock_at?: number | null;
            /**
             * Format: int64
             * @example 1250
             */
            price_minor: number;
            /**
             * @description The business's own number.
             * @example COF-250
             */
            sku: string;
            /**
             * Format: int32
             * @description What is left. Ordered and unpaid items are taken off.
             * @example 24
             */
            stock: number;
            /**
             * @description Texts by language.
             * @example {
             *       "en": {
             *         "description": "Arabica beans",
             *         "name": "Kenyan coffee"
             *       }
             *     }
             */
            texts: {
                [key: string]: components["schemas"]["ProductText"];
            };
            /**
             * Format: date-time
             * @description The last edit. A sale does not count.
             */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change. The `ETag` is made of it.
             * @example 3
             */
            version: number;
        };
        /** @example prd_0190a5b2c3d4e5f60718293a4b5c6d7e */
        ProductId: string;
        /** @description Fields that are left out stay, and `null` empties a field. The stock has a call of its own. */
        ProductPatch: {
            /**
             * @description Whether customers can buy it.
             * @default null
             */
            active?: boolean | null;
            /** @default null */
            category_id?: components["schemas"]["CategoryId"] | null;
            /**
             * @description ISO 4217.
             * @default null
             * @example USD
             */
            currency?: string | null;
            /**
             * @description The https address of a picture.
             * @default null
             * @example https://example.com/coffee.jpg
             */
            image_url?: string | null;
            /**
             * Format: int32
             * @description Members are notified when the stock falls to this number.
             * @default null
             * @example 10
             */
            low_stock_at?: number | null;
            /**
             * Format: int64
             * @description Minor units.
             * @default null
             * @example 1250
             */
            price_minor?: number | null;
            /**
             * @default null
             * @example COF-250
             */
            sku?: string | null;
            /**
             * @description Replaces all texts.
             * @default null
             * @example {
             *       "en": {
             *         "description": "Arabica beans",
             *         "name": "Kenyan coffee"
             *       }
             *     }
             */
            texts?: {
                [key: string]: components["schemas"]["ProductText"];
            } | null;
        };
        /** @description A product's texts in one language. */
        ProductText: {
            /** @example Arabica beans, roasted */
            description?: string;
            /** @example Kenyan coffee */
            name: string;
        };
        Prompt: {
            /** @description Whether the bot uses the prompt. */
            active: boolean;
            /** @example You are the assistant of Baraka Tea. Be brief and friendly. */
            body: string;
            channel_id?: components["schemas"]["ChannelId"] | null;
            /** Format: date-time */
            created_at: string;
            id: components["schemas"]["PromptId"];
            /**
             * Format: int32
             * @description The longest answer, in tokens.
             */
            max_tokens: number;
            /**
             * @description The model, and its substitutes when it is not available, by their names at OpenRouter.
             * @example [
             *       "openai/gpt-5-mini",
             *       "google/gemini-3-flash"
             *     ]
             */
            models: string[];
            /** @example Assistant */
            name: string;
            /**
             * Format: int32
             * @description Rises with each change of `body`, `models`, `temperature`, `max_tokens` or `tools`.
             */
            revision: number;
            /**
             * Format: float
             * @description 0 to 2. A higher temperature makes answers more various.
             */
            temperature: number;
            /**
             * @description Whether the model may call tools for the customer: search the catalogue, fill the cart, look up orders,
             *     subscriptions, opening hours and free times, and hand over to a person. Orders and bookings need the customer's
             *     own tap.
             */
            tools: boolean;
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change. The `ETag` is made of it.
             * @example 3
             */
            version: number;
        };
        /** @example prm_0190a5b2c3d4e5f60718293a4b5c6d7e */
        PromptId: string;
        /** @description Fields that are left out stay. */
        PromptPatch: {
            body?: string | null;
            /** Format: int32 */
            max_tokens?: number | null;
            models?: string[] | null;
            name?: string | null;
            /** Format: float */
            temperature?: number | null;
            tools?: boolean | null;
        };
        /** @description The text and the settings that a prompt had. */
        PromptRevision: {
            body: string;
            /** Format: date-time */
            created_at: string;
            /** Format: int32 */
            max_tokens: number;
            models: string[];
            /** Format: int32 */
            revision: number;
            /** Format: float */
            temperature: number;
            tools: boolean;
        };
        /** @description A person, a room or a desk that can be booked. */
        Provider: {
            active: boolean;
            /** Format: date-time */
            created_at: string;
            id: components["schemas"]["StaffId"];
            kind: components["schemas"]["ProviderKind"];
            /**
             * @description The name that customers read.
             * @example Wanjiru
             */
            name: string;
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change. The `ETag` is made of it.
             * @example 3
             */
            version: number;
            /**
             * @description The IANA time zone of the opening hours.
             * @example Africa/Nairobi
             */
            zone: string;
        };
        /**
         * @description What staff is.
         * @enum {string}
         */
        ProviderKind: "person" | "room" | "desk";
        /** @description Fields that are left out stay. */
        ProviderPatch: {
            /** @description Whether it can be booked. Existing bookings stay. */
            active?: boolean | null;
            kind?: components["schemas"]["ProviderKind"] | null;
            /**
             * @description The name that customers read.
             * @example Wanjiru
             */
            name?: string | null;
            /**
             * @description An IANA time zone. Existing bookings keep their instant.
             * @example Africa/Nairobi
             */
            zone?: string | null;
        };
        /** @example spb_0190a5b2c3d4e5f60718293a4b5c6d7e */
        PublicationId: string;
        /** @description From one time of the day to another. It spans midnight when the second is the earlier one. */
        QuietHours: {
            /**
             * @description A time of the day.
             * @example 21:00
             */
            from: string;
            /**
             * @description A time of the day.
             * @example 08:00
             */
            until: string;
        };
        /** @description A message of a contact, as endpoints are told of it. */
        ReceivedMessage: components["schemas"]["Message"] & {
            channel_id: components["schemas"]["ChannelId"];
            contact_id: components["schemas"]["ContactId"];
            /**
             * @description How the channel names the contact: a phone without `+`, or a user id.
             * @example 254712345678
             */
            from: string;
        };
        /** @description A recipient and the message. */
        RecipientView: components["schemas"]["CampaignRecipient"] & {
            outcome?: components["schemas"]["MessageOutcome"] | null;
        };
        /** @description A comparison with Stripe, for members. */
        Reconciliation: {
            /**
             * Format: int32
             * @description The number of all differences.
             */
            differences: number;
            /** @description Why it failed. */
            error?: string | null;
            /**
             * Format: int32
             * @description The number of Stripe's events that were read.
             */
            events: number;
            /** Format: date-time */
            finished_at?: string | null;
            /**
             * Format: date-time
             * @description The beginning of the compared time.
             */
            from_at: string;
            id: components["schemas"]["ReconciliationId"];
            /**
             * Format: int32
             * @description The number of differences that were repaired.
             */
            repaired: number;
            /**
             * Format: int32
             * @description The number of Stripe's sessions that were read.
             */
            sessions: number;
            /** Format: date-time */
            started_at: string;
            /**
             * @description `running`, `done` or `failed`.
             * @example done
             */
            status: string;
            /**
             * Format: int32
             * @description The number of Stripe's balance transactions that were read.
             */
            transactions: number;
            /**
             * Format: date-time
             * @description The end of the compared time.
             */
            until_at: string;
        };
        /** @example rec_0190a5b2c3d4e5f60718293a4b5c6d7e */
        ReconciliationId: string;
        /** @example aud_0190a5b2c3d4e5f60718293a4b5c6d7e */
        RecordId: string;
        /** @description Codes for a lost authenticator. Each is good once, and they are not shown again. */
        RecoveryCodes: {
            /**
             * @example [
             *       "abcde-fghjk"
             *     ]
             */
            codes: string[];
        };
        Refresh: {
            /**
             * Format: password
             * @description The newest one of the session. A browser that keeps it in the cookie leaves it out; a customer always sends it.
             */
            refresh_token?: string | null;
            workspace_id?: components["schemas"]["WorkspaceId"] | null;
        };
        /** @description A refund for members. */
        Refund: {
            /**
             * Format: int64
             * @description Minor units, such as cents.
             * @example 1250
             */
            amount_minor: number;
            /** Format: date-time */
            created_at: string;
            /**
             * @description ISO 4217.
             * @example USD
             */
            currency: string;
            /** @description Why it failed. */
            error?: string | null;
            id: components["schemas"]["RefundId"];
            reason: string;
            /** @description Stripe's id of the refund. */
            refund_id?: string | null;
            /**
             * @description `requested`, `pending`, `succeeded` or `failed`.
             * @example succeeded
             */
            status: string;
        };
        /** @example rfd_0190a5b2c3d4e5f60718293a4b5c6d7e */
        RefundId: string;
        /** @description A new user. */
        Register: {
            /**
             * Format: email
             * @description ASCII; kept in lower case.
             * @example amina@example.com
             */
            email: string;
            /**
             * @description A language of ours.
             * @example en
             */
            locale?: string | null;
            /**
             * @description At most 100 characters.
             * @example Amina
             */
            name?: string | null;
            /**
             * Format: password
             * @description 10 to 128 characters, not easily guessed.
             * @example maize kettle orbit
             */
            password: string;
        };
        /** @description A written conversation. */
        Rehearsal: {
            /**
             * @description The customer's language: `en`, `fr`, `es`, `pt`, `ar` or `hi`. Without it, the workspace's.
             * @example en
             */
            language?: string | null;
            /** @description The turns, oldest first. The customer wrote the last one. */
            turns: components["schemas"]["RehearsalTurn"][];
        };
        /** @enum {string} */
        RehearsalAuthor: "customer" | "business";
        RehearsalTurn: {
            author: components["schemas"]["RehearsalAuthor"];
            /** @example When do you open? */
            text: string;
        };
        /** @description The answer that a customer would get. */
        Rehearsed: {
            /** Format: int32 */
            completion_tokens: number;
            /**
             * Format: int64
             * @description Millionths of a US dollar.
             */
            cost_micro: number;
            /** Format: int32 */
            latency_ms: number;
            /**
             * @description One text for each message.
             * @example [
             *       "We open at 8:00."
             *     ]
             */
            messages: string[];
            /**
             * @description The model that answered.
             * @example openai/gpt-5-mini
             */
            model: string;
            /**
             * @description The passages of the catalogue and the knowledge that the model got.
             * @example [
             *       "Opening hours: We open at 8:00."
             *     ]
             */
            passages: string[];
            /** Format: int32 */
            prompt_tokens: number;
        };
        /** @description A new password, set by a code that was mailed to the address. */
        ResetPassword: {
            /**
             * Format: password
             * @description The newest code.
             * @example 123456
             */
            code: string;
            /**
             * Format: email
             * @description The address.
             * @example amina@example.com
             */
            email: string;
            /**
             * Format: password
             * @description The new password.
             * @example maize kettle orbit
             */
            password: string;
        };
        RestorePrompt: {
            /**
             * Format: int32
             * @example 1
             */
            revision: number;
        };
        /** @description Tags to add and to remove. */
        Retag: {
            /**
             * @example [
             *       "vip"
             *     ]
             */
            add?: string[];
            contact_ids: components["schemas"]["ContactId"][];
            remove?: string[];
        };
        Retagged: {
            /** @description The number of the named contacts that exist. */
            contacts: number;
        };
        /** @description The money that came in one currency, less what was refunded. */
        Revenue: {
            /**
             * @description ISO 4217. Customers who pay in another currency than the price are counted in theirs.
             * @example KES
             */
            currency: string;
            /** @description In minor units. */
            minor: components["schemas"]["Compared"];
        };
        /**
         * @description What a member is in a workspace, from the least to the most.
         * @enum {string}
         */
        Role: "viewer" | "agent" | "admin" | "owner";
        /** @description Why a row was not imported, or what was wrong with a row that was. */
        RowFault: {
            /**
             * @description Stable, for programs.
             * @example invalid_phone
             */
            code: string;
            /**
             * @description As the file calls it; empty where the row as a whole is at fault.
             * @example Phone
             */
            column: string;
            /** @description The rule, for a person. */
            detail: string;
            /** @description True when the row was imported: without this value, or over an earlier row. */
            imported: boolean;
            /**
             * Format: int64
             * @description Of the file, from 1.
             */
            line: number;
        };
        Said: {
            /** @description Whether the contact wants marketing. */
            marketing: boolean;
            /**
             * @description Where the contact has said so.
             * @example Signed the form at the fair in May
             */
            note: string;
        };
        /** @example ssc_0190a5b2c3d4e5f60718293a4b5c6d7e */
        ScheduleId: string;
        Segment: {
            audience: components["schemas"]["Audience"];
            /** Format: date-time */
            created_at: string;
            id: components["schemas"]["SegmentId"];
            /**
             * @description The name that members see.
             * @example Regulars in Nairobi
             */
            name: string;
            /**
             * Format: date-time
             * @description The last change.
             */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change. The `ETag` is made of it.
             * @example 3
             */
            version: number;
        };
        /** @example seg_0190a5b2c3d4e5f60718293a4b5c6d7e */
        SegmentId: string;
        SegmentSize: {
            /**
             * Format: int64
             * @description Contacts, including those who may get no message.
             */
            contacts: number;
        };
        /** @example ses_0190a5b2c3d4e5f60718293a4b5c6d7e */
        SessionId: string;
        /** @description The tokens of a session. */
        SessionTokens: {
            /**
             * @description For `Authorization: Bearer`.
             * @example eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…
             */
            access_token: string;
            /** @description After a log-in: the device keeps it and sends it with its next log-in as `X-Device-Token`. */
            device_token?: string | null;
            /**
             * Format: int64
             * @description Seconds.
             * @example 600
             */
            expires_in: number;
            /** Format: date-time */
            refresh_expires_at: string;
            /**
             * @description For the next tokens. It is good once. Absent where it is kept in the cookie.
             * @example 3q2-7wEBAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhs
             */
            refresh_token?: string | null;
            session_id: components["schemas"]["SessionId"];
            workspace_id?: components["schemas"]["WorkspaceId"] | null;
        };
        /** @description A session as its user sees it. */
        SessionView: {
            /** @description Where it was last used from. */
            address?: string | null;
            /**
             * Format: date-time
             * @description The log-in.
             */
            created_at: string;
            id: components["schemas"]["SessionId"];
            /**
             * Format: date-time
             * @description When a token was last refreshed.
             */
            last_used_at: string;
            /** @description What the browser or program calls itself. */
            user_agent?: string | null;
        };
        /** @description A parcel. */
        Shipment: {
            carrier?: string | null;
            id: components["schemas"]["ShipmentId"];
            /** Format: date-time */
            shipped_at: string;
            tracking_number?: string | null;
            /** @description The carrier's tracking page. */
            tracking_url?: string | null;
        };
        /** @example shp_0190a5b2c3d4e5f60718293a4b5c6d7e */
        ShipmentId: string;
        Slot: {
            /**
             * Format: date
             * @description The date of the beginning in the time zone of the staff.
             */
            day: string;
            /** Format: date-time */
            ends_at: string;
            provider_id: components["schemas"]["StaffId"];
            /** Format: date-time */
            starts_at: string;
        };
        Snooze: {
            /**
             * Format: date-time
             * @description At most 366 days ahead.
             */
            until: string;
        };
        /** @description An account of a social network, without its token. */
        SocialAccount: {
            /**
             * Format: date-time
             * @description When the network last accepted the token.
             */
            checked_at?: string | null;
            /** Format: date-time */
            created_at: string;
            /**
             * @description The network's id of the account or page.
             * @example 17841400000000000
             */
            external_id: string;
            id: components["schemas"]["AccountId"];
            /**
             * @description The name that people see.
             * @example zuri.market
             */
            name: string;
            network: components["schemas"]["SocialNetwork"];
            /**
             * @description `active`, or `refused`: the network no longer accepts its token.
             * @example active
             */
            status: string;
            /** @description The network's text, when it refuses the token. */
            status_reason?: string | null;
            /**
             * Format: date-time
             * @description The end of the token, if it has one.
             */
            token_expires_at?: string | null;
            /** @description The last four characters of the token. */
            token_hint: string;
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change. The `ETag` is made of it.
             * @example 3
             */
            version: number;
        };
        /** @description The content of a post. */
        SocialContent: {
            /** Format: date-time */
            created_at: string;
            id: components["schemas"]["ContentId"];
            /** @description In their order. */
            media: components["schemas"]["SocialMedia"][];
            /** @example Fresh tea from Kericho. #tea */
            text: string;
            /** Format: date-time */
            updated_at: string;
            /**
             * @description Other texts by network.
             * @example {
             *       "instagram": "Fresh tea! #tea"
             *     }
             */
            variants: {
                [key: string]: string;
            };
            /**
             * Format: int64
             * @description Rises with each change. The `ETag` is made of it.
             * @example 3
             */
            version: number;
        };
        /** @description Fields that are left out stay. Posts that are being published keep their text. */
        SocialContentPatch: {
            /** @description Replaces all images. */
            media?: components["schemas"]["SocialMedia"][] | null;
            text?: string | null;
            /** @description Replaces all other texts. */
            variants?: {
                [key: string]: string;
            } | null;
        };
        SocialMedia: {
            /**
             * @description A description for people who cannot see it.
             * @example A cup of tea
             */
            alt?: string | null;
            /**
             * @description The public https address from which the network reads it. Instagram takes only JPEG.
             * @example https://shop.example/images/tea.jpg
             */
            url: string;
        };
        /**
         * @description A social network.
         * @enum {string}
         */
        SocialNetwork: "instagram" | "facebook";
        /** @description The publication of a schedule. */
        SocialPublication: {
            account_id: components["schemas"]["AccountId"];
            /** @description Why it failed. */
            error?: string | null;
            id: components["schemas"]["PublicationId"];
            /** @description As they were at the beginning. */
            media: components["schemas"]["SocialMedia"][];
            network: components["schemas"]["SocialNetwork"];
            /** @description The public address. */
            permalink?: string | null;
            /** @description The network's id of the post. Empty when the post was found without a certain id. */
            post_id?: string | null;
            /**
             * Format: date-time
             * @description When it was known to be public.
             */
            published_at?: string | null;
            schedule_id: components["schemas"]["ScheduleId"];
            /** Format: date-time */
            started_at: string;
            /**
             * @description The schedule's status: `publishing`, `published` or `failed`, and `scheduled` again before another try.
             * @example published
             */
            status: string;
            /** @description The history, oldest first. */
            steps: components["schemas"]["SocialStep"][];
            /** @description As it was at the beginning. */
            text: string;
        };
        /** @description A content for an account at a time. */
        SocialSchedule: {
            account_id: components["schemas"]["AccountId"];
            content_id: components["schemas"]["ContentId"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            due_at: string;
            /** @description Why it failed. */
            error?: string | null;
            id: components["schemas"]["ScheduleId"];
            /**
             * @description The local time in the zone.
             * @example 2026-12-24T18:00:00
             */
            local_time: string;
            network: components["schemas"]["SocialNetwork"];
            /** @description The public address. */
            permalink?: string | null;
            /**
             * @description `scheduled`, `publishing`, `published`, `failed` or `cancelled`.
             * @example scheduled
             */
            status: string;
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change. The `ETag` is made of it.
             * @example 3
             */
            version: number;
            /** @example Africa/Nairobi */
            zone: string;
        };
        /** @description A new time for a post that has not begun, or another try of a failed one. */
        SocialSchedulePatch: {
            /**
             * @description The local time in the zone, as for a new schedule.
             * @example 2026-12-24T18:00:00
             */
            local_time: string;
            /**
             * @description An IANA time zone. Left out: it stays.
             * @example Africa/Nairobi
             */
            zone?: string | null;
        };
        /** @description An event of a publication. */
        SocialStep: {
            /** Format: date-time */
            at: string;
            /** @description A text for people. */
            detail?: string | null;
            /** @description The network's id of the new object. */
            external_id?: string | null;
            /**
             * @description `started`, `part`, `container`, `asked`, `looked`, `dropped`, `refused`, `published` or `failed`.
             * @example container
             */
            step: string;
        };
        /** @description A day with hours of its own, such as a holiday. They replace the hours of its weekday. */
        SpecialDay: {
            /**
             * Format: date
             * @description The date in the time zone of the hours.
             * @example 2026-12-25
             */
            day: string;
            /** @description Empty: closed. */
            hours: components["schemas"]["Hours"][];
        };
        /** @description A message in the export of a contact's data. */
        Spoken: {
            conversation_id: components["schemas"]["ConversationId"];
            /** Format: date-time */
            created_at: string;
            /** @description in, out. */
            direction: string;
            id: components["schemas"]["MessageId"];
            /** @description text, image, buttons … */
            kind: string;
            media?: components["schemas"]["MessageMedia"] | null;
            status: string;
            /** @description The text that a person reads. */
            text: string;
        };
        /** @example prv_0190a5b2c3d4e5f60718293a4b5c6d7e */
        StaffId: string;
        /** @description A correction of the stock, after a delivery or a count. */
        StockChange: {
            /**
             * Format: int32
             * @description The difference, not 0. The stock stays between 0 and 1,000,000,000.
             * @example 24
             */
            change: number;
            /**
             * @description The reason, for the audit log.
             * @example Delivery of 3 March
             */
            reason?: string;
        };
        Subscribe: {
            plan_id: components["schemas"]["PlanId"];
        };
        Subscription: {
            /** @description Whether it is cancelled at its end without asking for a payment. */
            auto_cancel: boolean;
            contact_id: components["schemas"]["ContactId"];
            /** Format: date-time */
            created_at: string;
            /**
             * Format: date-time
             * @description The end of the paid time.
             */
            ends_at?: string | null;
            /**
             * Format: date-time
             * @description With the status `grace`: the end of the grace.
             */
            grace_until?: string | null;
            id: components["schemas"]["SubscriptionId"];
            payment?: components["schemas"]["SubscriptionPayment"] | null;
            plan_id: components["schemas"]["PlanId"];
            /**
             * Format: date-time
             * @description `null` while it is pending.
             */
            starts_at?: string | null;
            status: components["schemas"]["SubscriptionStatus"];
            /** Format: date-time */
            updated_at: string;
        };
        /** @description What the customer needs to use the service. */
        SubscriptionDetails: {
            /** @description Up to 20 names of up to 40 characters, each with a value of up to 500. */
            details: components["schemas"]["BTreeMap"];
        };
        /** @example sub_0190a5b2c3d4e5f60718293a4b5c6d7e */
        SubscriptionId: string;
        /** @description The payment that the customer is asked for. */
        SubscriptionPayment: {
            id: components["schemas"]["PaymentId"];
            /**
             * Format: date-time
             * @description The end of the payment time.
             */
            until: string;
            /**
             * @description The payment page. `null` until Stripe has created it.
             * @example https://checkout.stripe.com/c/pay/cs_1
             */
            url?: string | null;
        };
        /** @description A paid period. */
        SubscriptionPeriod: {
            amount: Record<string, never>;
            /** Format: date-time */
            ends_at: string;
            id: components["schemas"]["PeriodId"];
            /** Format: date-time */
            paid_at: string;
            payment_id: components["schemas"]["PaymentId"];
            /**
             * Format: date-time
             * @description When the money went back.
             */
            refunded_at?: string | null;
            /** Format: date-time */
            starts_at: string;
        };
        /**
         * @description Where a subscription stands.
         * @enum {string}
         */
        SubscriptionStatus: "pending" | "active" | "grace" | "expired" | "cancelled";
        Switch: {
            workspace_id: components["schemas"]["WorkspaceId"];
        };
        /** @description An access token with another active workspace. */
        Switched: {
            access_token: string;
            /**
             * Format: int64
             * @description Seconds.
             * @example 600
             */
            expires_in: number;
            /** @example admin */
            role: string;
            workspace_id: components["schemas"]["WorkspaceId"];
        };
        /** @description A tag and how many have it. */
        Tag: {
            /**
             * Format: int64
             * @description Contacts that have it.
             */
            contacts: number;
            id: components["schemas"]["TagId"];
            /**
             * @description In lower case, with single spaces.
             * @example vip
             */
            name: string;
        };
        /** @example tag_0190a5b2c3d4e5f60718293a4b5c6d7e */
        TagId: string;
        TagName: {
            /**
             * @description Stored in lower case, with single spaces.
             * @example vip
             */
            name: string;
        };
        /** @description The outcome of one article of a list. */
        Taken: {
            /** @description Whether the article is new. An existing article stays as it is. */
            created: boolean;
            /** @description The new article, or the existing one with this `external_id` or `url`. */
            id: components["schemas"]["ArticleId"];
        };
        /** @description A template for its members. */
        Template: {
            /** @description The business account (WABA). */
            account_id: string;
            /** @description The text, with variables `{{1}}`, `{{2}}` … */
            body: string;
            /** @description The category that Meta charges. */
            category: components["schemas"]["TemplateCategory"];
            /** @description All parts in Meta's form. */
            components: Record<string, never>[];
            /** Format: date-time */
            created_at: string;
            /** @description Meta's id of the template. */
            external_id?: string | null;
            id: components["schemas"]["TemplateId"];
            /**
             * @description In Meta's form: `en`, `en_US`.
             * @example en
             */
            language: string;
            /**
             * @description Small letters, digits, underscores.
             * @example spring_offer
             */
            name: string;
            /**
             * Format: date-time
             * @description The end of the pause, if it is known.
             */
            paused_until?: string | null;
            /**
             * @description green, yellow, red or unknown: Meta's rating by customers' reactions.
             * @example green
             */
            quality: string;
            /** @description Why it was rejected, paused or disabled. */
            reason?: string | null;
            status: components["schemas"]["TemplateStatus"];
            /**
             * Format: date-time
             * @description The last change.
             */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change. The `ETag` is made of it.
             * @example 3
             */
            version: number;
        };
        TemplateAnswer: {
            /**
             * @description Default: the contact's language, then the workspace's.
             * @example en
             */
            language?: string | null;
            /** @example order_update */
            name: string;
            /** @description The variables of the body, in order. */
            parameters?: string[];
        };
        TemplateButton: {
            /** @description For a `url` with a variable: an example of the whole address. */
            example?: string | null;
            /** @description For `phone_number`: E.164. */
            phone_number?: string | null;
            /**
             * @description 1 to 25 characters.
             * @example Shop now
             */
            text: string;
            /** @description The action of a tap. */
            type: components["schemas"]["TemplateButtonKind"];
            /** @description For `url`: an https address, with or without `{{1}}` at its end. */
            url?: string | null;
        };
        /**
         * @description The action of a tap on a button.
         * @enum {string}
         */
        TemplateButtonKind: "quick_reply" | "url" | "phone_number";
        /**
         * @description The category that Meta charges and limits.
         * @enum {string}
         */
        TemplateCategory: "marketing" | "utility" | "authentication";
        /** @example tpl_0190a5b2c3d4e5f60718293a4b5c6d7e */
        TemplateId: string;
        /**
         * @description Where a template stands with Meta.
         * @enum {string}
         */
        TemplateStatus: "draft" | "submitted" | "approved" | "rejected" | "paused" | "disabled";
        TemplateSync: {
            /** @description The number of channels whose accounts are asked. */
            channels: number;
        };
        /** @description A text with variables, and an example for each. */
        TemplateText: {
            /**
             * @description In the order of the variables.
             * @example [
             *       "Amina"
             *     ]
             */
            examples?: string[];
            /** @example Hello {{1}}, everything is cheaper this week. */
            text: string;
        };
        Ticket: {
            assignee_id?: components["schemas"]["UserId"] | null;
            /** @example delivery */
            category?: string | null;
            /** Format: date-time */
            closed_at?: string | null;
            contact_id: components["schemas"]["ContactId"];
            conversation_id?: components["schemas"]["ConversationId"] | null;
            /** Format: date-time */
            created_at: string;
            /**
             * @description The business's own values.
             * @example {
             *       "serial": "A-77"
             *     }
             */
            fields: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description When a member first answered.
             */
            first_response_at?: string | null;
            id: components["schemas"]["TicketId"];
            /**
             * Format: int64
             * @description How people call it. Numbers grow within a workspace.
             * @example 12
             */
            number: number;
            /** @enum {string} */
            priority: "low" | "normal" | "high" | "urgent";
            /**
             * Format: date-time
             * @description When it was resolved, or closed without that.
             */
            resolved_at?: string | null;
            /**
             * @description How far a ticket has come.
             * @enum {string}
             */
            status: "open" | "pending" | "resolved" | "closed";
            /** @example No picture */
            subject: string;
            /**
             * @description In small letters, in order.
             * @example [
             *       "tv"
             *     ]
             */
            tags: string[];
            /** Format: date-time */
            updated_at: string;
            /**
             * Format: date-time
             * @description The time of the first customer message without an answer.
             */
            waiting_since?: string | null;
        };
        /** @description What a member writes into a ticket. */
        TicketAnswer: {
            /** @description A note for members: the customer never gets it. */
            internal?: boolean;
            /**
             * @description 1 to 4,000 characters.
             * @example Please switch it off and on again.
             */
            message: string;
            /** @description The status of the ticket afterwards. Without one it stays. */
            status?: ("open" | "pending" | "resolved" | "closed") | null;
        };
        TicketAssignee: {
            assignee_id?: components["schemas"]["UserId"] | null;
        };
        /**
         * @description Who has written something.
         * @enum {string}
         */
        TicketAuthor: "customer" | "team";
        /** @description A ticket with its messages, the oldest first. */
        TicketCopy: components["schemas"]["Ticket"] & {
            /** @description The first 1,000 messages. */
            messages: components["schemas"]["TicketMessage"][];
        };
        /** @example tkt_0190a5b2c3d4e5f60718293a4b5c6d7e */
        TicketId: string;
        /** @description A message of a ticket. */
        TicketMessage: {
            author: components["schemas"]["TicketAuthor"];
            /**
             * Format: uuid
             * @description The member or the API key.
             */
            author_id?: string | null;
            /** @example Since this morning the screen is black. */
            body: string;
            /** Format: date-time */
            created_at: string;
            id: components["schemas"]["TicketMessageId"];
            /** @description A note for members: the customer never gets it. */
            internal: boolean;
        };
        /** @example tkm_0190a5b2c3d4e5f60718293a4b5c6d7e */
        TicketMessageId: string;
        /** @description Fields that are left out stay, and `null` empties a field. */
        TicketPatch: {
            /**
             * @description At most 60 characters.
             * @default null
             * @example delivery
             */
            category?: string | null;
            /**
             * @description Replaces all fields.
             * @default null
             * @example {
             *       "serial": "A-77"
             *     }
             */
            fields?: {
                [key: string]: unknown;
            } | null;
            /** @default null */
            priority?: ("low" | "normal" | "high" | "urgent") | null;
            /**
             * @description 1 to 120 characters.
             * @default null
             * @example No picture
             */
            subject?: string | null;
            /**
             * @description Replaces all tags.
             * @default null
             * @example [
             *       "tv"
             *     ]
             */
            tags?: string[] | null;
        };
        /** @description The opening hours of one staff. */
        Timetable: {
            /** @description Days with hours of their own, from today on. */
            special: components["schemas"]["SpecialDay"][];
            week: components["schemas"]["Opening"][];
        };
        Transfer: {
            user_id: components["schemas"]["UserId"];
        };
        Unread: {
            /**
             * Format: int64
             * @example 3
             */
            unread: number;
        };
        UpTo: {
            /** @description The newest notification that was shown. Later ones stay unread. */
            newest_id: components["schemas"]["NotificationId"];
        };
        /** @description What a user changes about themselves. What is absent stays. */
        UpdateUser: {
            /**
             * @description A language of ours.
             * @example en
             */
            locale?: string | null;
            /**
             * @description At most 100 characters.
             * @example Amina
             */
            name?: string | null;
            /**
             * @description E.164; another one has to be proven.
             * @example +254712345678
             */
            phone?: string | null;
        };
        /** @example usr_0190a5b2c3d4e5f60718293a4b5c6d7e */
        UserId: string;
        /** @description A user as they see themselves. */
        UserView: {
            /**
             * Format: date-time
             * @description Since when.
             */
            created_at: string;
            /** @description Lower case. */
            email: string;
            /**
             * Format: date-time
             * @description When the address was proven to be theirs.
             */
            email_verified_at?: string | null;
            id: components["schemas"]["UserId"];
            /** @description One of the platform's own people. */
            is_staff: boolean;
            /** @description Their language. */
            locale: string;
            /** @description What they are called. */
            name?: string | null;
            /**
             * @description E.164.
             * @example +254712345678
             */
            phone?: string | null;
            /**
             * Format: date-time
             * @description When the phone was.
             */
            phone_verified_at?: string | null;
            /** @description Whether an authenticator is asked for at log-in. */
            totp: boolean;
            /**
             * Format: date-time
             * @description The last change.
             */
            updated_at: string;
        };
        /** @description Proves an address: its code, and the password that it was registered with, since anybody can register any address. */
        VerifyEmail: {
            /**
             * Format: password
             * @description The newest code.
             * @example 123456
             */
            code: string;
            /**
             * Format: email
             * @description The address.
             * @example amina@example.com
             */
            email: string;
            /**
             * Format: password
             * @description The password of the registration.
             * @example maize kettle orbit
             */
            password: string;
        };
        /** @description Pieces of a product. */
        Wanted: {
            product_id: components["schemas"]["ProductId"];
            /**
             * Format: int32
             * @example 2
             */
            quantity: number;
        };
        Week: {
            /** @description In any order, at most 10 a day. A day without openings is closed. */
            week: components["schemas"]["Opening"][];
        };
        /** @description A short list, as a whole. */
        Whole_Activity: {
            /** @description In the list's order. */
            items: {
                /** Format: date-time */
                at: string;
                kind: components["schemas"]["ActivityKind"];
                /**
                 * @description The id of what it is about.
                 * @example ord_0190a5b2c3d4e5f60718293a4b5c6d7e
                 */
                subject_id: string;
                /**
                 * @description A name, a number or a subject, for a person. Empty when there is none.
                 * @example 12
                 */
                title: string;
            }[];
        };
        /** @description A short list, as a whole. */
        Whole_ContactView: {
            /** @description In the list's order. */
            items: {
                /**
                 * @description The custom fields by key.
                 * @example {
                 *       "city": "Nairobi"
                 *     }
                 */
                attributes: {
                    [key: string]: unknown;
                };
                /**
                 * Format: date-time
                 * @description Since when nothing is said to them.
                 */
                blocked_at?: string | null;
                /**
                 * @description ISO 3166, by the phone.
                 * @example KE
                 */
                country?: string | null;
                /**
                 * Format: date-time
                 * @description When they were made.
                 */
                created_at: string;
                /**
                 * @description In lower case.
                 * @example amina@example.com
                 */
                email?: string | null;
                id: components["schemas"]["ContactId"];
                /**
                 * @description A language of ours.
                 * @example en
                 */
                language?: string | null;
                /**
                 * Format: date-time
                 * @description When they last wrote; else when they were made.
                 */
                last_activity_at: string;
                /** @description Whether they want marketing; `null` when they have never said. */
                marketing?: boolean | null;
                /**
                 * @description What they are called.
                 * @example Amina Otieno
                 */
                name?: string | null;
                /**
                 * @description E.164. Absent for a contact who shows only a user id.
                 * @example +254712345678
                 */
                phone?: string | null;
                /**
                 * Format: date-time
                 * @description When the greeting was done.
                 */
                registered_at?: string | null;
                /**
                 * @description By name, in order.
                 * @example [
                 *       "vip"
                 *     ]
                 */
                tags: string[];
                /**
                 * Format: date-time
                 * @description When they were last changed.
                 */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Rises with every change.
                 */
                version: number;
            }[];
        };
        /** @description A short list, as a whole. */
        Whole_EventType: {
            /** @description In the list's order. */
            items: {
                /**
                 * @description When it happens.
                 * @example An order is paid.
                 */
                description: string;
                /** @description The body of a call. */
                example: Record<string, never>;
                /** @example order.paid */
                type: string;
            }[];
        };
        /** @description A short list, as a whole. */
        Whole_Field: {
            /** @description In the list's order. */
            items: {
                /** @description Of a choice. */
                choices?: string[];
                /**
                 * @description Small letters, digits and underscores.
                 * @example city
                 */
                key: string;
                /** @description What values it has. */
                kind: components["schemas"]["FieldKind"];
                /**
                 * @description What people call it.
                 * @example City
                 */
                label: string;
            }[];
        };
        /** @description A short list, as a whole. */
        Whole_LedgerBalance: {
            /** @description In the list's order. */
            items: {
                /**
                 * @description As in the entries.
                 * @example stripe
                 */
                account: string;
                /**
                 * Format: int64
                 * @description Minor units. Debit is positive, credit negative.
                 * @example 121200
                 */
                amount_minor: number;
                /**
                 * @description ISO 4217.
                 * @example USD
                 */
                currency: string;
            }[];
        };
        /** @description A short list, as a whole. */
        Whole_MenuAction: {
            /** @description In the list's order. */
            items: {
                /** @example shop */
                key: string;
            }[];
        };
        /** @description A short list, as a whole. */
        Whole_MessagePrice: {
            /** @description In the list's order. */
            items: {
                category: components["schemas"]["TemplateCategory"];
                /**
                 * @description ISO 3166, or `*` for all countries without a price of their own.
                 * @example KE
                 */
                country: string;
                /**
                 * @description ISO 4217.
                 * @example USD
                 */
                currency: string;
                /**
                 * Format: int64
                 * @description Millionths of the currency's unit.
                 * @example 22500
                 */
                micros: number;
            }[];
        };
        /** @description A short list, as a whole. */
        Whole_NewsTopic: {
            /** @description In the list's order. */
            items: {
                /**
                 * @description The name in articles and subscriptions.
                 * @example sports
                 */
                key: string;
                /**
                 * @description The names for readers, by language.
                 * @example {
                 *       "en": "Sports"
                 *     }
                 */
                titles: {
                    [key: string]: string;
                };
            }[];
        };
        /** @description A short list, as a whole. */
        Whole_Product: {
            /** @description In the list's order. */
            items: {
                /** @description Whether customers can buy it. */
                active: boolean;
                category_id?: components["schemas"]["CategoryId"] | null;
                /** Format: date-time */
                created_at: string;
                /**
                 * @description ISO 4217.
                 * @example USD
                 */
                currency: string;
                id: components["schemas"]["ProductId"];
                /**
                 * @description The https address of a picture.
                 * @example https://example.com/coffee.jpg
                 */
                image_url?: string | null;
                /**
                 * Format: int32
                 * @description Members are notified when the stock falls to this number. `null`: never.
                 * @example 10
                 */
                low_stock_at?: number | null;
                /**
                 * Format: int64
                 * @example 1250
                 */
                price_minor: number;
                /**
                 * @description The business's own number.
                 * @example COF-250
                 */
                sku: string;
                /**
                 * Format: int32
                 * @description What is left. Ordered and unpaid items are taken off.
                 * @example 24
                 */
                stock: number;
                /**
                 * @description Texts by language.
                 * @example {
                 *       "en": {
                 *         "description": "Arabica beans",
                 *         "name": "Kenyan coffee"
                 *       }
                 *     }
                 */
                texts: {
                    [key: string]: components["schemas"]["ProductText"];
                };
                /**
                 * Format: date-time
                 * @description The last edit. A sale does not count.
                 */
                updated_at: string;
                /**
                 * Format: int64
                 * @description Rises with each change. The `ETag` is made of it.
                 * @example 3
                 */
                version: number;
            }[];
        };
        /** @description A short list, as a whole. */
        Whole_Refund: {
            /** @description In the list's order. */
            items: {
                /**
                 * Format: int64
                 * @description Minor units, such as cents.
                 * @example 1250
                 */
                amount_minor: number;
                /** Format: date-time */
                created_at: string;
                /**
                 * @description ISO 4217.
                 * @example USD
                 */
                currency: string;
                /** @description Why it failed. */
                error?: string | null;
                id: components["schemas"]["RefundId"];
                reason: string;
                /** @description Stripe's id of the refund. */
                refund_id?: string | null;
                /**
                 * @description `requested`, `pending`, `succeeded` or `failed`.
                 * @example succeeded
                 */
                status: string;
            }[];
        };
        /** @description A short list, as a whole. */
        Whole_Slot: {
            /** @description In the list's order. */
            items: {
                /**
                 * Format: date
                 * @description The date of the beginning in the time zone of the staff.
                 */
                day: string;
                /** Format: date-time */
                ends_at: string;
                provider_id: components["schemas"]["StaffId"];
                /** Format: date-time */
                starts_at: string;
            }[];
        };
        /** @description A short list, as a whole. */
        Whole_Tag: {
            /** @description In the list's order. */
            items: {
                /**
                 * Format: int64
                 * @description Contacts that have it.
                 */
                contacts: number;
                id: components["schemas"]["TagId"];
                /**
                 * @description In lower case, with single spaces.
                 * @example vip
                 */
                name: string;
            }[];
        };
        /** @description A short list, as a whole. */
        Whole_Taken: {
            /** @description In the list's order. */
            items: {
                /** @description Whether the article is new. An existing article stays as it is. */
                created: boolean;
                /** @description The new article, or the existing one with this `external_id` or `url`. */
                id: components["schemas"]["ArticleId"];
            }[];
        };
        Wish: {
            /** @description A remark for the business. */
            note?: string | null;
            offering_id: components["schemas"]["OfferingId"];
            provider_id: components["schemas"]["StaffId"];
            /**
             * Format: date-time
             * @description A whole minute.
             */
            starts_at: string;
        };
        /** @example wsp_0190a5b2c3d4e5f60718293a4b5c6d7e */
        WorkspaceId: string;
        /** @description Changes of a profile. A field that is left out stays as it is. */
        WorkspacePatch: {
            /**
             * @description ISO 3166, two letters; null removes it.
             * @example KE
             */
            country?: string | null;
            /** @description ISO 4217: `KES`. */
            currency?: string | null;
            /** @description The language for contacts whose own is unknown. */
            default_language?: string | null;
            /** @description All languages, in place of the earlier ones. */
            languages?: string[] | null;
            /** @description The name of the business: 1 to 200 characters. */
            name?: string | null;
            settings?: components["schemas"]["WorkspaceSettings"] | null;
            /** @description IANA: `Africa/Nairobi`. */
            time_zone?: string | null;
        };
        WorkspaceSettings: {
            business_hours?: components["schemas"]["BusinessHours"] | null;
            /**
             * @description By language: the answer to a contact who asks for a person outside the business hours. Without one, the bot uses its
             *     own text. The bot adds when the business opens.
             */
            closed_texts?: {
                [key: string]: string;
            };
            /**
             * Format: int32
             * @description Seconds without another line of the customer after which a model answers a question. A question of several lines
             *     gets one answer. 0: each line gets its own at once. Without the setting: 3.
             * @example 3
             */
            gather_seconds?: number | null;
            /**
             * Format: int32
             * @description Days for which Kazi keeps the files of messages. Without a number, and at most: as long as the operator keeps them.
             */
            media_keep_days?: number | null;
            /** @description By language: the answer to a contact who refuses marketing. Without one, the bot uses its own text. */
            opt_out_texts?: {
                [key: string]: string;
            };
            quiet_hours?: components["schemas"]["QuietHours"] | null;
        };
        /** @description A workspace as its members see it. */
        WorkspaceView: {
            /**
             * @description ISO 3166: how phone numbers without a country are read.
             * @example KE
             */
            country?: string | null;
            /** Format: date-time */
            created_at: string;
            /**
             * @description ISO 4217.
             * @example KES
             */
            currency: string;
            /**
             * @description The language for contacts whose own is unknown.
             * @example en
             */
            default_language: string;
            id: components["schemas"]["WorkspaceId"];
            languages: string[];
            /**
             * @description The name of the business.
             * @example Zuri Shop
             */
            name: string;
            settings: components["schemas"]["WorkspaceSettings"];
            /**
             * @description IANA.
             * @example Africa/Nairobi
             */
            time_zone: string;
            /**
             * Format: date-time
             * @description The last change.
             */
            updated_at: string;
            /**
             * Format: int64
             * @description Rises with each change. The `ETag` is made of it.
             * @example 3
             */
            version: number;
        };
    };
    responses: {
        /** @description The body is not JSON, or a header cannot be read. */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It exists already, or the call with this Idempotency-Key is being carried out. */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The role or the key's scopes lack the permission, or a fresh second factor is needed. */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Our fault; `request_id` finds it in the log. */
        InternalServerError: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is none, or it belongs to another workspace. */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is larger than is taken. */
        PayloadTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Somebody else has changed it since. */
        PreconditionFailed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not just now: try again after `Retry-After` seconds. */
        ServiceUnavailable: {
            headers: {
                /** @description Seconds. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description More calls than are taken: wait for `Retry-After` seconds. */
        TooManyRequests: {
            headers: {
                /** @description Seconds. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No token or key, or not a good one. */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A field or a query key breaks its rule: `errors` says which. */
        UnprocessableEntity: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is of another type. */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    ai_costs_budget: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AiBudgetNow"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    ai_costs_set_budget: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AiBudget"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AiBudgetNow"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    ai_costs_list: {
        parameters: {
            query?: {
                /**
                 * @description The model that answered, or else the one that was asked.
                 * @example openai/gpt-4o-mini
                 */
                model?: string;
                /**
                 * @description What the call was for.
                 * @example reply
                 */
                purpose?: string;
                /**
                 * @description `ok`, or the class of the error.
                 * @example ok
                 */
                outcome?: string;
                /** @description At this time or later. */
                from?: string;
                /** @description Before this time. */
                until?: string;
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AiCall"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    ai_costs_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The call. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AiCallDetail"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    ai_costs_usage: {
        parameters: {
            query?: {
                /** @description The first day. Default: the first day of the month of `until`. */
                from?: string;
                /** @description The last day, at most 92 days later. Default: today. */
                until?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sums. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AiUsageReport"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    analytics_overview: {
        parameters: {
            query?: {
                /** @description The first day. Without it: 29 days before the last one. */
                from?: string;
                /** @description The last day, at most 366 days later. Without it: today. */
                until?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figures. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AnalyticsOverview"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    analytics_recent: {
        parameters: {
            query?: {
                /** @description The most activities. */
                limit?: number;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whole_Activity"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    api_keys_list: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ApiKeyView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    api_keys_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApiKey"];
            };
        };
        responses: {
            /** @description It is made, and shown this once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyCreated"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `too_many_keys`: a workspace has at most 100. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    api_keys_revoke: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is refused from now on. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    audit_log_list: {
        parameters: {
            query?: {
                /**
                 * @description `member`, `api_key`, `customer`, `operator` or `system`.
                 * @example member
                 */
                actor_kind?: string;
                /** @description The user, the key or the contact: an id like `usr_…`, or its UUID. */
                actor_id?: string;
                /**
                 * @description The action, like `contacts.update`, or all actions of a domain: `contacts`.
                 * @example members.change_role
                 */
                action?: string;
                /**
                 * @description The kind of the changed thing.
                 * @example contact
                 */
                subject_kind?: string;
                /** @description The changed thing: an id like `ctc_…`, or its UUID. */
                subject_id?: string;
                /** @description At this time or later. */
                from?: string;
                /** @description Before this time. */
                until?: string;
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AuditRecord"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    auth_change_password: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            /** @description It is changed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    auth_forgot_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Address"];
            };
        };
        responses: {
            /** @description A letter is on its way, if the address has an account. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    auth_log_in: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `device_token` of an earlier log-in. With it, failed tries from elsewhere do not lock this device out. */
                "X-Device-Token"?: string | null;
                /** @description `1`: the refresh token comes and goes in a cookie that scripts cannot read, and not in the body. */
                "X-Session-Cookie"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogIn"];
            };
        };
        responses: {
            /** @description The password is right. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogInAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            /** @description `wrong_credentials`, also where there is no such user. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    auth_log_in_totp: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `device_token` of an earlier log-in. With it, failed tries from elsewhere do not lock this device out. */
                "X-Device-Token"?: string | null;
                /** @description `1`: the refresh token comes and goes in a cookie that scripts cannot read, and not in the body. */
                "X-Session-Cookie"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LogInTotp"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionTokens"];
                };
            };
            400: components["responses"]["BadRequest"];
            /** @description `session_ended`: the challenge is none, used or too old. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    sessions_log_out: {
        parameters: {
            query?: never;
            header?: {
                /** @description `1`: the refresh token comes and goes in a cookie that scripts cannot read, and not in the body. */
                "X-Session-Cookie"?: string | null;
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    sessions_log_out_everywhere: {
        parameters: {
            query?: never;
            header?: {
                /** @description `1`: the refresh token comes and goes in a cookie that scripts cannot read, and not in the body. */
                "X-Session-Cookie"?: string | null;
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They have ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    second_factor_renew_recovery_codes: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeBody"];
            };
        };
        responses: {
            /** @description They count from now on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `totp_off`: there is no authenticator. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    sessions_refresh: {
        parameters: {
            query?: never;
            header?: {
                /** @description `1`: the refresh token comes and goes in a cookie that scripts cannot read, and not in the body. */
                "X-Session-Cookie"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Refresh"];
            };
        };
        responses: {
            /** @description The next tokens. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionTokens"];
                };
            };
            400: components["responses"]["BadRequest"];
            /** @description `session_ended`: the token is none, too old, or was used. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    auth_register: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Register"];
            };
        };
        responses: {
            /** @description A letter is on its way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    auth_reset_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResetPassword"];
            };
        };
        responses: {
            /** @description Log in with the new one. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    sessions_list: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_OwnSession"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    sessions_revoke: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    second_factor_step_up: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeBody"];
            };
        };
        responses: {
            /** @description It is fresh. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `totp_off`: there is no authenticator. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    second_factor_enrol: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Authenticator"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `totp_on`: there is one already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    second_factor_confirm: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeBody"];
            };
        };
        responses: {
            /** @description It is set up. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `totp_on`, or `totp_off`: none is being set up. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    second_factor_disable: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeBody"];
            };
        };
        responses: {
            /** @description They are gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `totp_off`: there is none. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    auth_verify_email: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `device_token` of an earlier log-in. With it, failed tries from elsewhere do not lock this device out. */
                "X-Device-Token"?: string | null;
                /** @description `1`: the refresh token comes and goes in a cookie that scripts cannot read, and not in the body. */
                "X-Session-Cookie"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyEmail"];
            };
        };
        responses: {
            /** @description It is proven. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogInAnswer"];
                };
            };
            400: components["responses"]["BadRequest"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    auth_send_again: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Address"];
            };
        };
        responses: {
            /** @description A letter is on its way, if the address has an account. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    me_verify_phone: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodeBody"];
            };
        };
        responses: {
            /** @description It is proven. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `no_phone`: there is none to prove. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    me_send_phone_code: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is on its way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `no_phone`, or `no_channel`: none sends codes here. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    bookings_list: {
        parameters: {
            query?: {
                provider_id?: components["schemas"]["StaffId"];
                offering_id?: components["schemas"]["OfferingId"];
                contact_id?: components["schemas"]["ContactId"];
                status?: "booked" | "confirmed" | "completed" | "no_show" | "cancelled";
                /** @description The booking begins at this time or later. */
                from?: string;
                /** @description The booking begins before this time. */
                until?: string;
                /** @description Whether the newest reminder reached nobody. */
                unreachable?: boolean;
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Booking"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    bookings_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewBooking"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `slot_taken`: somebody else has this time. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    bookings_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The booking. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    bookings_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `wrong_state`: it has begun. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    bookings_complete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `wrong_state`: it has not begun, or is cancelled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    bookings_confirm: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `wrong_state`: it has begun, or is cancelled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    bookings_move_to: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Move"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `slot_taken`: somebody else has this time; `wrong_state`: it has begun, or is cancelled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    bookings_no_show: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `wrong_state`: it has not begun, or is cancelled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    canned_replies_list: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_CannedReply"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    canned_replies_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCannedReply"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CannedReply"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description Another one has this code, or there are 1,000. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    canned_replies_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The canned reply. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CannedReply"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    canned_replies_delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    canned_replies_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CannedReplyPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CannedReply"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Another one has this code. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    carts_list: {
        parameters: {
            query?: {
                /**
                 * @description `open`, `ordered` or `abandoned`.
                 * @example open
                 */
                status?: string;
                contact_id?: components["schemas"]["ContactId"];
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Cart"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    carts_open: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CartOf"];
            };
        };
        responses: {
            /** @description It is open. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    carts_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The cart. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    carts_set_quantity: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
                /** @description Which one. */
                product_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CartQuantity"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `out_of_stock`, `product_unavailable`, `mixed_currency`, or `cart_changed`: it is not open any more. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    carts_remove: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
                /** @description Which one. */
                product_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `cart_changed`: it is not open any more. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    categories_list: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Category"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    categories_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCategory"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Category"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    categories_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The category. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Category"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    categories_delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Products are in it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    categories_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CategoryPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Category"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Another category has this slug. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    channels_list: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Channel"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    channels_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewChannel"];
            };
        };
        responses: {
            /** @description It is connected. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description It is connected already, here or in another workspace. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    channels_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The channel. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    channels_delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Another workspace may connect it. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    channels_rename: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChannelPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    channels_check: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the provider says. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    channels_pause: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Pause"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    channels_set_rate: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChannelRate"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    channels_resume: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    channels_rotate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChannelSecrets"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Channel"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    channels_setup: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To paste. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelSetup"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    contact_fields_list: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whole_Field"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    contact_fields_declare: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FieldBody"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Field"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    contact_fields_drop_field: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    contacts_list: {
        parameters: {
            query?: {
                /** @example vip */
                tag?: string;
                /** @example sw */
                language?: string;
                blocked?: boolean;
                /** @description Whether the contact wants no marketing. */
                opted_out?: boolean;
                /** @description Created at this time or later. */
                created_from?: string;
                /** @description Created before this time. */
                created_before?: string;
                /**
                 * @description Custom fields and their values: a JSON object of texts, at most 10.
                 * @example {"city": "Nairobi"}
                 */
                attributes?: string;
                /** @description The order. A `-` reverses it. Default: newest first. */
                sort?: "created_at" | "-created_at" | "name" | "-name" | "last_activity_at" | "-last_activity_at";
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ContactView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    contacts_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewContact"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description Another contact has this phone, or a call with this Idempotency-Key is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    exports_contacts: {
        parameters: {
            query?: {
                /** @example vip */
                tag?: string;
                /** @example sw */
                language?: string;
                blocked?: boolean;
                /** @description Whether the contact wants no marketing. */
                opted_out?: boolean;
                /** @description Created at this time or later. */
                created_from?: string;
                /** @description Created before this time. */
                created_before?: string;
                /**
                 * @description Custom fields and their values: a JSON object of texts, at most 10.
                 * @example {"city": "Nairobi"}
                 */
                attributes?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description UTF-8 with a byte order mark. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example id,name,phone
                     *     ctc_0190a5b2c3d4e5f60718293a4b5c6d7e,Amina Otieno,+254712345678
                     */
                    "text/csv": string;
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    contacts_retag: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Retag"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retagged"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    contacts_search: {
        parameters: {
            query: {
                /**
                 * @description Words. Each must be in the name, the phone, the e-mail address or a tag.
                 * @example amina 0712
                 */
                q: string;
                /** @description The most results. */
                limit?: number;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those who were found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whole_ContactView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    contacts_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The contact. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    contacts_delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    contacts_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContactPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Another contact has this phone. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    contacts_block: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    consents_list: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Consent"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    consents_set: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Said"];
            };
        };
        responses: {
            /** @description The contact, as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    contacts_duplicates: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those who may be. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whole_ContactView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    personal_data_erase: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing is left. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    contacts_merge: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MergeInto"];
            };
        };
        responses: {
            /** @description The one who stays. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    personal_data_personal_data: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of it; of the messages the newest 50,000. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonalData"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    contacts_set_tags: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ContactTags"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    contacts_unblock: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ContactView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    conversations_list: {
        parameters: {
            query?: {
                status?: "open" | "snoozed" | "closed";
                /**
                 * @description A member's user, `me` or `nobody`.
                 * @example me
                 */
                assignee_id?: string;
                /** @description Whether the customer waits for an answer. */
                waiting?: boolean;
                channel_id?: components["schemas"]["ChannelId"];
                contact_id?: components["schemas"]["ContactId"];
                /** @description The contact has this tag. */
                tag?: string;
                /** @description Whether a person answers instead of the bot. */
                handed_over?: boolean;
                /** @description Words of the contact's name, phone or e-mail address. */
                q?: string;
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Conversation"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    conversations_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The conversation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    conversations_assign: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConversationAssignee"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    conversations_close: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    conversations_hand_back: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `conversation_closed`: reopen it first. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    messages_list: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Message"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    messages_send: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMessage"];
            };
        };
        responses: {
            /** @description It is on its way. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `window_closed`: send a template. `answered_meanwhile`: somebody has answered since `answers_seen`. `conversation_closed`: reopen it first. `contact_blocked`, `opted_out`, `unreachable`: nothing can be sent. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    notes_list: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ConversationNote"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    notes_write: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewNote"];
            };
        };
        responses: {
            /** @description It is written. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversationNote"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    conversations_read: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    conversations_reopen: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `already_exists`: the contact has another open conversation on the channel. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    conversations_snooze: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Snooze"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `conversation_closed`: reopen it first. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    conversations_typing: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The provider is told. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `conversation_closed`: reopen it first. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_bookings_list: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Booking"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_bookings_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Wish"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `slot_taken`: somebody else has this time; `too_many_bookings`: you have ten ahead. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_bookings_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `wrong_state`: it has begun. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_bookings_confirm: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `wrong_state`: it has begun, or is cancelled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_bookings_move_to: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Move"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Booking"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `slot_taken`: somebody else has this time; `wrong_state`: it has begun, or is cancelled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_orders_cart: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Your cart. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_orders_clear: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is empty. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_orders_add: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Wanted"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `out_of_stock`, `product_unavailable` or `mixed_currency`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_orders_set_quantity: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one. */
                product_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CartQuantity"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `out_of_stock`, `product_unavailable` or `mixed_currency`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_orders_remove: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one. */
                product_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cart"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_log_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Number"];
            };
        };
        responses: {
            /** @description A code is on its way, if the number is a customer's. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_log_out: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description You. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_bookings_offerings: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Offering"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_orders_list: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Order"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_orders_place: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CartToOrder"];
            };
        };
        responses: {
            /** @description This cart has been ordered before: its order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description It is placed: its stock is held for an hour. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `cart_changed`: it is not what you were shown; `cart_empty`, `out_of_stock`, `product_unavailable`, `mixed_currency`, or a call with this Idempotency-Key is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_orders_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_orders_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is cancelled, or was before. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `wrong_state`: it is paid. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_own_plans: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Plan"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_refresh: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Refresh"];
            };
        };
        responses: {
            /** @description The next tokens. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionTokens"];
                };
            };
            400: components["responses"]["BadRequest"];
            /** @description `session_ended`: the token is none, too old, or was used. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_bookings_slots: {
        parameters: {
            query: {
                offering_id: components["schemas"]["OfferingId"];
                /** @description Default: all staff of the offering. */
                provider_id?: components["schemas"]["StaffId"];
                /** @description The earliest beginning. Default: now. */
                from?: string;
                /** @description Slots begin before this time, at most 62 days after `from`. Default: seven days after `from`. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it stands now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whole_Slot"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_own: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Subscription"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_subscribe: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Subscribe"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscription"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `already_subscribed`: you have this plan. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_own_one: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The subscription. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OwnSubscription"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_cancel_own: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Cancel"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscription"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `subscription_over`: it has expired. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_renew_own: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscription"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `subscription_over`: it was cancelled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_support_list: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_CustomerTicket"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_support_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ticket. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerTicket"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    customer_verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberAndCode"];
            };
        };
        responses: {
            /** @description It is done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionTokens"];
                };
            };
            400: components["responses"]["BadRequest"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    analytics_stats: {
        parameters: {
            query: {
                period: "day" | "week" | "month" | "year";
                /** @description A day of the period, on the clocks of the workspace. Without it: today. */
                date?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figures. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DashboardStats"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_list: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Endpoint"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewEndpoint"];
            };
        };
        responses: {
            /** @description It is switched on. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointWithSecret"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `too_many_endpoints`: a workspace has at most 20. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoint_deliveries_list: {
        parameters: {
            query?: {
                endpoint_id?: components["schemas"]["EndpointId"];
                event_id?: components["schemas"]["AnnouncementId"];
                state?: "pending" | "succeeded" | "failed" | "cancelled";
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_EndpointDelivery"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoint_deliveries_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The delivery. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointDeliveryDetails"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoint_deliveries_replay: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is on its way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointDelivery"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `delivery_pending` or `endpoint_disabled`. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_event_types: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whole_EventType"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The endpoint. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_replay_failed: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointReplay"];
            };
        };
        responses: {
            /** @description They are on their way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointReplayed"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `endpoint_disabled`: switch it on first. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_rotate_secret: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description With the new secret. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointWithSecret"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    endpoints_test: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EndpointTest"];
            };
        };
        responses: {
            /** @description It is on its way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointDelivery"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `endpoint_disabled`: switch it on first. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    events_stream: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `id` of the last event that the client got. The events since then come first. */
                "Last-Event-ID"?: string | null;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["LiveEvent"];
                };
            };
            /** @description `bad_last_event_id`: it is none of this stream. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `too_many_streams`: at most five are open for a member or a key. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            /** @description `events_unavailable`: the database does not answer now. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    imports_list: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ImportView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    imports_start: {
        parameters: {
            query?: {
                /** @example contacts.csv */
                file_name?: string;
                /**
                 * @description A JSON object from headers to fields: name, first_name, middle_name, last_name, phone, email, language, tags,
                 *     marketing, opt_out, blocked, `attributes.` and a key, or ignore. Other columns are recognised by their headers.
                 * @example {"Town": "attributes.city"}
                 */
                columns?: string;
                /**
                 * @description ISO 3166: the country of phones without one. Default: the workspace's.
                 * @example KE
                 */
                country?: string;
                /**
                 * @description The encoding of a text file. Default: Kazi recognises it. If Kazi is not sure, or if names look garbled, the import
                 *     fails and names the lines. With this parameter Kazi reads the file as you say.
                 * @example windows-1256
                 */
                encoding?: string;
                /** @description What happens to contacts that exist already. */
                existing?: "update" | "skip";
                /**
                 * @description Tags for all contacts of the file: at most 50, separated by commas.
                 * @example fair,vip
                 */
                tags?: string;
                /**
                 * @description The place of the consent to marketing. It is stored for contacts who have never decided. A “no” in a column of
                 *     consents, opt-outs or blocks wins over it, and an empty cell in a column of consents is no consent.
                 * @example Form at the fair in May
                 */
                consent?: string;
            };
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The file. */
        requestBody: {
            content: {
                "application/vnd.oasis.opendocument.spreadsheet": number[];
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": number[];
                "text/csv": number[];
                "text/vcard": number[];
            };
        };
        responses: {
            /** @description It is written down, and begins. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    imports_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    imports_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    imports_faults: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_RowFault"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    invitations_list: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_InvitationView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    invitations_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Invite"];
            };
        };
        responses: {
            /** @description It is on its way. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description This address is invited already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    invitations_accept: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationToken"];
            };
        };
        responses: {
            /** @description You belong to the workspace. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Joined"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            /** @description It was sent to another address, or yours is not proven. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such invitation. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is over, or you belong to the workspace already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    invitations_decline: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationToken"];
            };
        };
        responses: {
            /** @description It is over. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            /** @description It was sent to another address, or yours is not proven. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description There is no such invitation. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is over already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    invitations_look_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationToken"];
            };
        };
        responses: {
            /** @description The invitation. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Offer"];
                };
            };
            400: components["responses"]["BadRequest"];
            /** @description There is no such invitation. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description It is over. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    invitations_revoke: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nobody can accept it any more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It is over. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    invitations_resend: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is on its way. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It is over. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    knowledge_list: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Document"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    knowledge_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDocument"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Document"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    knowledge_create_page: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPage"];
            };
        };
        responses: {
            /** @description It is written down. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Document"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    knowledge_create_pdf: {
        parameters: {
            query: {
                /** @example Price list */
                title: string;
                /**
                 * @description The language of the text: `en`, `fr`, `es`, `pt`, `ar` or `hi`.
                 * @example en
                 */
                language: string;
            };
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description The file. */
        requestBody: {
            content: {
                "application/pdf": number[];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Document"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    knowledge_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DocumentText"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    knowledge_replace: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDocument"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Document"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    knowledge_delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    knowledge_fetch: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Document"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    knowledge_replace_pdf: {
        parameters: {
            query: {
                /** @example Price list */
                title: string;
                /**
                 * @description The language of the text: `en`, `fr`, `es`, `pt`, `ar` or `hi`.
                 * @example en
                 */
                language: string;
            };
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        /** @description The file. */
        requestBody: {
            content: {
                "application/pdf": number[];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Document"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    payments_balances: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whole_LedgerBalance"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    payments_entries: {
        parameters: {
            query?: {
                payment_id?: components["schemas"]["PaymentId"];
                /** @description An account of the books: `stripe`, `sales` … */
                account?: string;
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_LedgerEntry"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    me_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description You. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    me_update: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateUser"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    me_switch: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Switch"];
            };
        };
        responses: {
            /** @description The token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Switched"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    media_upload: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["NewMediaFile"];
            };
        };
        responses: {
            /** @description It is stored. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaFile"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            /** @description `body_too_large`: the file has more bytes than its kind may have. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    media_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaFile"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    media_delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is not here any more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    media_link: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The link. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaLink"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `wrong_state`: the file is not here, or not yet. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    members_list: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Member"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    members_remove: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They belong to it no longer. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description They are the last owner. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    members_change_role: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRole"];
            };
        };
        responses: {
            /** @description That is what they are now. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description They are the last owner. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    members_reinstate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are a member as before. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    members_suspend: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are suspended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description They are the last owner. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    menu_items_list: {
        parameters: {
            query?: {
                /** @description Whether customers see the item. */
                active?: boolean;
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_MenuItem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    menu_items_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMenuItem"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MenuItem"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description Another item has this key. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    menu_items_actions: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whole_MenuAction"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    menu_items_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The item. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MenuItem"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    menu_items_delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    menu_items_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MenuItemPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MenuItem"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Another item has this key. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    messages_search: {
        parameters: {
            query: {
                /**
                 * @description Words, or their beginnings. A message must have all of them.
                 * @example parcel
                 */
                q: string;
                conversation_id?: components["schemas"]["ConversationId"];
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Message"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    campaigns_list: {
        parameters: {
            query?: {
                status?: components["schemas"]["CampaignStatus"];
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Campaign"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    campaigns_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCampaign"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    campaigns_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The campaign. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    campaigns_delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It is on its way, or over. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    campaigns_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It is on its way, or over. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    campaigns_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is over. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It is a draft, or over. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    campaigns_funnel: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As of now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignFunnel"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    campaigns_pause: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is paused. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It is not on its way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    campaigns_plan: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is under way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It is on its way, or over. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    campaigns_recipients: {
        parameters: {
            query?: {
                state?: "planned" | "left_out" | "queued";
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_RecipientView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    campaigns_resume: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It goes on. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It is not paused, or its channel does not send. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    campaigns_schedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignSchedule"];
            };
        };
        responses: {
            /** @description It will be sent then. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It is on its way, or over. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    campaigns_send: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is under way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It is paused or over, or its channel does not send. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    campaigns_test: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignTest"];
            };
        };
        responses: {
            /** @description It is on its way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignTested"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description The channel does not send, or there is no approved template that fits. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    campaigns_prices: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whole_MessagePrice"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    campaigns_set_prices: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Prices"];
            };
        };
        responses: {
            /** @description As they are now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whole_MessagePrice"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    segments_list: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Segment"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    segments_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSegment"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Segment"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description There is one of this name. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    segments_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The segment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Segment"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    segments_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSegment"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Segment"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description There is another one of this name. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    segments_delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description A campaign is of it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    segments_size: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description So many. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SegmentSize"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    news_list: {
        parameters: {
            query?: {
                /** @example sports */
                topic?: string;
                /** @example en */
                language?: string;
                breaking?: boolean;
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Article"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    news_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewArticle"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Article"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description Another article has this external id or address. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    news_create_many: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewArticles"];
            };
        };
        responses: {
            /** @description What has become of each, in their order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whole_Taken"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    news_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The article. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Article"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    news_delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    news_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ArticlePatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Article"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Another article has this address. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    news_tell_now: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They are being told. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Article"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    news_subscriptions_digests: {
        parameters: {
            query?: {
                contact_id?: components["schemas"]["ContactId"];
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_NewsDigest"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    news_subscriptions_list: {
        parameters: {
            query?: {
                contact_id?: components["schemas"]["ContactId"];
                /** @example sports */
                topic?: string;
                active?: boolean;
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_NewsSubscription"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    news_subscriptions_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewNewsSubscription"];
            };
        };
        responses: {
            /** @description They are subscribed. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewsSubscription"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description The contact has a subscription. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    news_subscriptions_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The subscription. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewsSubscription"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    news_subscriptions_delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    news_subscriptions_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewsSubscriptionPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewsSubscription"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    news_topics: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whole_NewsTopic"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    notifications_list: {
        parameters: {
            query?: {
                /** @description Only unread ones. */
                unread?: boolean;
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_NotificationView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    notifications_preferences: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Of every kind. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationPreference"][];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    notifications_set_preference: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NotificationPreference"];
            };
        };
        responses: {
            /** @description Of every kind, as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationPreference"][];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    notifications_mark_all_read: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpTo"];
            };
        };
        responses: {
            /** @description They are read. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Marked"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    notifications_count_unread: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How many. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Unread"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    notifications_mark_read: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is read. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    offerings_list: {
        parameters: {
            query?: {
                /** @description Whether it can be booked. */
                active?: boolean;
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Offering"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    offerings_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOffering"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Offering"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    offerings_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The offering. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Offering"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    offerings_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OfferingPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Offering"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    orders_list: {
        parameters: {
            query?: {
                status?: "pending_payment" | "paid" | "fulfilled" | "shipped" | "delivered" | "cancelled" | "expired" | "refunded";
                contact_id?: components["schemas"]["ContactId"];
                /** @example 12 */
                number?: number;
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Order"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    orders_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewOrder"];
            };
        };
        responses: {
            /** @description It is placed: its stock is held for an hour. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `out_of_stock`, `product_unavailable`, `mixed_currency`, or a call with this Idempotency-Key is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    orders_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    orders_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is cancelled, or was before. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `wrong_state`: it is paid. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    orders_deliver: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They have it, or had it before. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `wrong_state`: it has not left, or is over. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    orders_fulfil: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is, or was before. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `wrong_state`: it is not paid, or over. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    orders_ship: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewShipment"];
            };
        };
        responses: {
            /** @description It is on its way, or was before. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Order"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `wrong_state`: it is not paid, or over. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    "payment account_get": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectedAccount"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description There is none. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    "payment account_put": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PaymentAccountSecrets"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectedAccount"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description Another workspace has this account, or another account is in use here. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            /** @description Stripe does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "payment account_delete": {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is out of use. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description There is none. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Payments wait for money through it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    payments_differences: {
        parameters: {
            query?: {
                /** @description The reconciliation that found it first. */
                reconciliation_id?: components["schemas"]["ReconciliationId"];
                /** @description Only those that a person must look at. */
                open?: boolean;
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_PaymentDifference"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    payments_list: {
        parameters: {
            query?: {
                status?: "requested" | "open" | "processing" | "paid" | "refunded" | "mismatched" | "expired" | "failed" | "withdrawn";
                order_id?: components["schemas"]["OrderId"];
                subscription_id?: components["schemas"]["SubscriptionId"];
                contact_id?: components["schemas"]["ContactId"];
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Payment"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    payments_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The payment. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Payment"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    payments_list_refunds: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whole_Refund"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    payments_refund: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRefund"];
            };
        };
        responses: {
            /** @description It is on its way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refund"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description No money came, or nothing is left of it. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    plans_list: {
        parameters: {
            query?: {
                /** @description Whether contacts can subscribe. */
                active?: boolean;
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Plan"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    plans_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPlan"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plan"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    plans_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The plan. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plan"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    plans_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PlanPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Plan"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    products_list: {
        parameters: {
            query?: {
                category_id?: components["schemas"]["CategoryId"];
                /** @description Whether customers can buy it. */
                active?: boolean;
                /** @description Whether the stock is at or below its threshold. */
                low_stock?: boolean;
                /**
                 * @description The business's own number.
                 * @example COF-250
                 */
                sku?: string;
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Product"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    products_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProduct"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description Another product has this number, or a call with this Idempotency-Key is under way. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    products_search: {
        parameters: {
            query: {
                /**
                 * @description Words to find in names or descriptions. Each may be the beginning of a longer word.
                 * @example coffee
                 */
                q: string;
                /**
                 * @description The language to search in, besides the workspace's.
                 * @example en
                 */
                language?: string;
                /** @description The most results. */
                limit?: number;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those that were found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whole_Product"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    products_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The product. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    products_delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. Orders that have it stay as they are. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    products_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProductPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Another product has this number. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    products_adjust_stock: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StockChange"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Product"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    prompts_list: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Prompt"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    prompts_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPrompt"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prompt"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    prompts_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The prompt. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prompt"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    prompts_delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `prompt_active`: the prompt is active. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    prompts_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromptPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prompt"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    prompts_activate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is active. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prompt"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    prompts_deactivate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is not active. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prompt"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    prompts_restore: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RestorePrompt"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Prompt"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    prompts_revisions: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_PromptRevision"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    prompts_test: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Rehearsal"];
            };
        };
        responses: {
            /** @description The answer that a customer would get. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Rehearsed"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            /** @description `model_unavailable`: no model answered. A customer would get the menu. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    providers_list: {
        parameters: {
            query?: {
                /** @description Whether it can be booked. */
                active?: boolean;
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Provider"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    providers_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProvider"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    providers_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One of the staff. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    providers_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    providers_hours: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In the time zone of the staff. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Timetable"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    providers_set_hours: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Week"];
            };
        };
        responses: {
            /** @description They are set. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    providers_set_special_day: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @example 2026-12-25 */
                day: string;
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DayHours"];
            };
        };
        responses: {
            /** @description They are set. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    providers_drop_special_day: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @example 2026-12-25 */
                day: string;
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    payments_reconciliations: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Reconciliation"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    payments_reconcile: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It begins. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reconciliation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description There is no account at Stripe. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description One runs already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    payments_reconciliation: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The comparison. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reconciliation"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    workspaces_roles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All permissions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PermissionView"][];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    offerings_slots: {
        parameters: {
            query: {
                offering_id: components["schemas"]["OfferingId"];
                /** @description Default: all staff of the offering. */
                provider_id?: components["schemas"]["StaffId"];
                /** @description The earliest beginning. Default: now. */
                from?: string;
                /** @description Slots begin before this time, at most 62 days after `from`. Default: seven days after `from`. */
                until?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it stands now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whole_Slot"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    social_accounts: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SocialAccount"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    social_connect: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSocialAccount"];
            };
        };
        responses: {
            /** @description It is connected. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SocialAccount"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description It is connected already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    social_account: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SocialAccount"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    social_disconnect: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is disconnected. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    social_rotate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSocialToken"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SocialAccount"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    social_contents: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SocialContent"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    social_create_content: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSocialContent"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SocialContent"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    social_content: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The content. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SocialContent"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    social_delete_content: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It is to appear. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    social_update_content: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SocialContentPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SocialContent"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    social_publications: {
        parameters: {
            query?: {
                account_id?: components["schemas"]["AccountId"];
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SocialPublication"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    social_publication: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The publication. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SocialPublication"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    social_schedules: {
        parameters: {
            query?: {
                /** @description At this moment or later. */
                from?: string;
                /** @description Before this moment. */
                to?: string;
                account_id?: components["schemas"]["AccountId"];
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SocialSchedule"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    social_create_schedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSocialSchedule"];
            };
        };
        responses: {
            /** @description It will appear. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SocialSchedule"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description The same is to appear there at the same time already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    social_schedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SocialSchedule"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    social_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It will not appear. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It is being published, or that is over. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    social_reschedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SocialSchedulePatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SocialSchedule"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It is being published, or that is over; or the same is to appear then already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_list: {
        parameters: {
            query?: {
                contact_id?: components["schemas"]["ContactId"];
                plan_id?: components["schemas"]["PlanId"];
                status?: "pending" | "active" | "grace" | "expired" | "cancelled";
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Subscription"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSubscription"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscription"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description `already_subscribed`: the contact has this plan. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The subscription. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscription"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_cancel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Cancel"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscription"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `subscription_over`: it has expired. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_set_details: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubscriptionDetails"];
            };
        };
        responses: {
            /** @description It is stored. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_periods: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_SubscriptionPeriod"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    subscriptions_renew: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Subscription"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `subscription_over`: it was cancelled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    support_list: {
        parameters: {
            query?: {
                contact_id?: components["schemas"]["ContactId"];
                status?: "open" | "pending" | "resolved" | "closed";
                /**
                 * @description A member's user, `me` or `nobody`.
                 * @example me
                 */
                assignee_id?: string;
                priority?: "low" | "normal" | "high" | "urgent";
                category?: string;
                tag?: string;
                /** @example 12 */
                number?: number;
                /** @description Whether the customer waits for an answer. */
                waiting?: boolean;
                /** @description Words of the subject or of a message. Each may be the beginning of a longer word. */
                q?: string;
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Ticket"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    support_open: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTicket"];
            };
        };
        responses: {
            /** @description It is open. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    support_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ticket. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    support_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketPatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    support_assign: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketAssignee"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    support_close: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    support_hold: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `wrong_state`: it is resolved or closed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    support_messages: {
        parameters: {
            query?: {
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_TicketMessage"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    support_answer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TicketAnswer"];
            };
        };
        responses: {
            /** @description It is on its way. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TicketMessage"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `ticket_closed`: reopen it first. `wrong_state`: it cannot become this. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    support_reopen: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    support_resolve: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description `wrong_state`: it is closed. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    tags_list: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Whole_Tag"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    tags_delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    tags_rename: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TagName"];
            };
        };
        responses: {
            /** @description It is called so. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Another tag is called so: merge them. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    tags_merge: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MergeTagInto"];
            };
        };
        responses: {
            /** @description It is done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    templates_list: {
        parameters: {
            query?: {
                name?: string;
                status?: components["schemas"]["TemplateStatus"];
                /** @description Rows of a page. */
                limit?: number;
                /** @description The `next_cursor` of the previous page. */
                cursor?: string;
            };
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Template"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    templates_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTemplate"];
            };
        };
        responses: {
            /** @description It is written. */
            201: {
                headers: {
                    /** @description The path of what was made. */
                    Location?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description There is one of this name in this language. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    templates_sync: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is under way. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateSync"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    templates_get: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The template. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    templates_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTemplate"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Meta has it already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    templates_delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description It is just being submitted, or no channel of its account is left. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            /** @description Meta does not answer. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    templates_submit: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is under way. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description Meta has reviewed it already. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    workspaces_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Membership"][];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    workspaces_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWorkspace"];
            };
        };
        responses: {
            /** @description It is made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    workspaces_current: {
        parameters: {
            query?: never;
            header?: {
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The workspace. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceView"];
                };
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    workspaces_delete: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is deleted: nobody is a member of it, its channels are still. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    workspaces_update: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read: the change is refused when somebody else came first. */
                "If-Match"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkspacePatch"];
            };
        };
        responses: {
            /** @description As it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    workspaces_leave: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description You belong to it no longer. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description You are its last owner. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    workspaces_transfer: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
                /** @description The workspace, where it is not the token's active one. */
                "x-workspace-id"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Transfer"];
            };
        };
        responses: {
            /** @description It is handed over. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            /** @description They are no member. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    workspaces_restore: {
        parameters: {
            query?: never;
            header?: {
                /** @description Makes it safe to send the call again: up to 255 visible characters of your choice. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Which one. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is back. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
}
