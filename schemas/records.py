"""What a record of each entity looks like to a type checker.

The JSON Schemas beside this module are the only definition; a test holds these equal to them.
"""

from typing import Any, Required, TypedDict


class Ticket(TypedDict, total=False):
    """A Zendesk ticket; custom_fields is an object {field id: value}."""

    id: Required[int]
    url: str | None
    external_id: str | None
    via: dict[str, Any] | None
    created_at: str | None
    updated_at: str | None
    generated_timestamp: int | None
    type: str | None
    subject: str | None
    raw_subject: str | None
    description: str | None
    priority: str | None
    status: str | None
    custom_status_id: int | None
    recipient: str | None
    requester_id: int | None
    submitter_id: int | None
    assignee_id: int | None
    organization_id: int | None
    group_id: int | None
    collaborator_ids: list[int] | None
    follower_ids: list[int] | None
    email_cc_ids: list[int] | None
    forum_topic_id: int | None
    problem_id: int | None
    has_incidents: bool | None
    is_public: bool | None
    due_at: str | None
    tags: list[str] | None
    custom_fields: dict[str, Any] | None
    satisfaction_rating: dict[str, Any] | None
    satisfaction_probability: float | None
    sharing_agreement_ids: list[int] | None
    followup_ids: list[int] | None
    ticket_form_id: int | None
    brand_id: int | None
    allow_channelback: bool | None
    allow_attachments: bool | None
    from_messaging_channel: bool | None
    deleted_ticket_form_id: int | None
    support_type: str | None
    encoded_id: str | None
    comment_count: int | None
    slas: dict[str, Any] | None
    metric_events: dict[str, Any] | None
    deleted_at: str | None
    actor: dict[str, Any] | None
    previous_state: str | None
    source: Required[str]
    extra: dict[str, Any]


class Comment(TypedDict, total=False):
    """A comment of a ticket: public reply or private note."""

    id: Required[int]
    ticket_id: Required[int]
    position: Required[int]
    type: str | None
    author_id: int | None
    body: str | None
    html_body: str | None
    plain_body: str | None
    public: Required[bool]
    audit_id: int | None
    via: dict[str, Any] | None
    metadata: dict[str, Any] | None
    created_at: str | None
    data: dict[str, Any] | None
    formatted_from: str | None
    formatted_to: str | None
    transcription_visible: Any
    graph_object_id: str | None
    trusted: bool | None
    uploads: list[str] | None
    id_made: bool | None
    reconstructed: bool | None
    visibility_unknown: bool | None
    source: Required[str]
    extra: dict[str, Any]


class Attachment(TypedDict, total=False):
    """A file named in a comment. The bytes lie in files/<sha256> when they came with the export."""

    id: Required[int]
    ticket_id: Required[int]
    comment_id: int | None
    url: str | None
    file_name: str | None
    content_url: str | None
    mapped_content_url: str | None
    content_type: str | None
    size: int | None
    width: int | None
    height: int | None
    inline: bool | None
    deleted: bool | None
    malware_access_override: bool | None
    malware_scan_result: str | None
    thumbnails: list[dict[str, Any]] | None
    sha256: str | None
    id_made: bool | None
    source: Required[str]
    extra: dict[str, Any]


class User(TypedDict, total=False):
    """A person: end-user, agent or admin."""

    id: Required[int]
    url: str | None
    name: str | None
    email: str | None
    phone: str | None
    shared_phone_number: bool | None
    role: str | None
    role_type: int | None
    custom_role_id: int | None
    organization_id: int | None
    default_group_id: int | None
    active: bool | None
    permanently_deleted: bool | None
    suspended: bool | None
    verified: bool | None
    shared: bool | None
    shared_agent: bool | None
    moderator: bool | None
    only_private_comments: bool | None
    restricted_agent: bool | None
    chat_only: bool | None
    report_csv: bool | None
    ticket_restriction: str | None
    external_id: str | None
    alias: str | None
    details: str | None
    notes: str | None
    signature: str | None
    tags: list[str] | None
    time_zone: str | None
    iana_time_zone: str | None
    locale: str | None
    locale_id: int | None
    last_login_at: str | None
    two_factor_auth_enabled: bool | None
    photo: dict[str, Any] | None
    remote_photo_url: str | None
    user_fields: dict[str, Any] | None
    created_at: str | None
    updated_at: str | None
    roles_seen: list[str] | None
    placeholder: bool | None
    erased: bool | None
    source: Required[str]
    extra: dict[str, Any]


class Identity(TypedDict, total=False):
    """A further address of a user."""

    id: Required[int]
    url: str | None
    user_id: int | None
    type: str | None
    value: str | None
    verified: bool | None
    primary: bool | None
    undeliverable_count: int | None
    deliverable_state: str | None
    created_at: str | None
    updated_at: str | None
    source: Required[str]
    extra: dict[str, Any]


class Organization(TypedDict, total=False):
    """A company of customers."""

    id: Required[int]
    url: str | None
    name: str | None
    shared_tickets: bool | None
    shared_comments: bool | None
    external_id: str | None
    created_at: str | None
    updated_at: str | None
    domain_names: list[str] | None
    details: str | None
    notes: str | None
    group_id: int | None
    tags: list[str] | None
    organization_fields: dict[str, Any] | None
    deleted_at: str | None
    source: Required[str]
    extra: dict[str, Any]


class OrganizationMembership(TypedDict, total=False):
    """One user in one organization."""

    id: Required[int]
    url: str | None
    user_id: int | None
    organization_id: int | None
    default: bool | None
    organization_name: str | None
    view_tickets: bool | None
    created_at: str | None
    updated_at: str | None
    source: Required[str]
    extra: dict[str, Any]


class Group(TypedDict, total=False):
    """A group of agents."""

    id: Required[int]
    url: str | None
    name: str | None
    description: str | None
    default: bool | None
    deleted: bool | None
    is_public: bool | None
    created_at: str | None
    updated_at: str | None
    source: Required[str]
    extra: dict[str, Any]


class GroupMembership(TypedDict, total=False):
    """One agent in one group."""

    id: Required[int]
    url: str | None
    user_id: int | None
    group_id: int | None
    default: bool | None
    created_at: str | None
    updated_at: str | None
    source: Required[str]
    extra: dict[str, Any]


class TicketField(TypedDict, total=False):
    """Definition of a ticket field, with its options."""

    id: Required[int]
    url: str | None
    type: str | None
    key: str | None
    title: str | None
    raw_title: str | None
    description: str | None
    raw_description: str | None
    position: int | None
    active: bool | None
    system: bool | None
    required: bool | None
    collapsed_for_agents: bool | None
    regexp_for_validation: str | None
    title_in_portal: str | None
    raw_title_in_portal: str | None
    visible_in_portal: bool | None
    editable_in_portal: bool | None
    required_in_portal: bool | None
    tag: str | None
    removable: bool | None
    agent_description: str | None
    sub_type_id: int | None
    system_field_options: list[dict[str, Any]] | None
    custom_field_options: list[dict[str, Any]] | None
    custom_statuses: list[dict[str, Any]] | None
    relationship_target_type: str | None
    relationship_filter: dict[str, Any] | None
    creator_user_id: int | None
    creator_app_name: str | None
    created_at: str | None
    updated_at: str | None
    source: Required[str]
    extra: dict[str, Any]


class UserField(TicketField, total=False):
    """Definition of a user field, with its options."""


class OrganizationField(TicketField, total=False):
    """Definition of an organization field, with its options."""


class TicketForm(TypedDict, total=False):
    """A form: which ticket fields are shown together."""

    id: Required[int]
    url: str | None
    name: str | None
    raw_name: str | None
    display_name: str | None
    raw_display_name: str | None
    position: int | None
    active: bool | None
    default: bool | None
    end_user_visible: bool | None
    in_all_brands: bool | None
    restricted_brand_ids: list[int] | None
    ticket_field_ids: list[int] | None
    agent_conditions: list[dict[str, Any]] | None
    end_user_conditions: list[dict[str, Any]] | None
    created_at: str | None
    updated_at: str | None
    source: Required[str]
    extra: dict[str, Any]


class CustomStatus(TypedDict, total=False):
    """A status of the account's own, inside a status category."""

    id: Required[int]
    url: str | None
    status_category: str | None
    agent_label: str | None
    raw_agent_label: str | None
    end_user_label: str | None
    raw_end_user_label: str | None
    description: str | None
    raw_description: str | None
    end_user_description: str | None
    raw_end_user_description: str | None
    active: bool | None
    default: bool | None
    created_at: str | None
    updated_at: str | None
    source: Required[str]
    extra: dict[str, Any]


class Brand(TypedDict, total=False):
    """A brand with its own subdomain."""

    id: Required[int]
    url: str | None
    name: str | None
    subdomain: str | None
    brand_url: str | None
    host_mapping: str | None
    has_help_center: bool | None
    help_center_state: str | None
    active: bool | None
    default: bool | None
    is_deleted: bool | None
    logo: dict[str, Any] | None
    ticket_form_ids: list[int] | None
    signature_template: str | None
    created_at: str | None
    updated_at: str | None
    source: Required[str]
    extra: dict[str, Any]


class SatisfactionRating(TypedDict, total=False):
    """A customer's rating of a ticket."""

    id: Required[int]
    url: str | None
    assignee_id: int | None
    group_id: int | None
    requester_id: int | None
    ticket_id: int | None
    score: str | None
    comment: str | None
    reason: str | None
    reason_id: int | None
    reason_code: int | None
    created_at: str | None
    updated_at: str | None
    source: Required[str]
    extra: dict[str, Any]


class TicketMetric(TypedDict, total=False):
    """Times and counts Zendesk measured for one ticket."""

    ticket_id: Required[int]
    id: int | None
    url: str | None
    created_at: str | None
    updated_at: str | None
    generated_timestamp: int | None
    group_stations: int | None
    assignee_stations: int | None
    reopens: int | None
    replies: int | None
    assignee_updated_at: str | None
    requester_updated_at: str | None
    status_updated_at: str | None
    custom_status_updated_at: str | None
    initially_assigned_at: str | None
    assigned_at: str | None
    solved_at: str | None
    latest_comment_added_at: str | None
    reply_time_in_minutes: dict[str, Any] | None
    reply_time_in_seconds: dict[str, Any] | None
    first_resolution_time_in_minutes: dict[str, Any] | None
    full_resolution_time_in_minutes: dict[str, Any] | None
    agent_wait_time_in_minutes: dict[str, Any] | None
    requester_wait_time_in_minutes: dict[str, Any] | None
    on_hold_time_in_minutes: dict[str, Any] | None
    source: Required[str]
    extra: dict[str, Any]


class TicketEvent(TypedDict, total=False):
    """One change of one field of a ticket (field history)."""

    id: Required[int]
    ticket_id: Required[int]
    audit_id: int | None
    author_id: int | None
    created_at: str | None
    type: str | None
    field_name: str | None
    value: Any
    previous_value: Any
    via: dict[str, Any] | None
    subject: Any
    body: Any
    recipients: Any
    public: Any
    comment_id: Any
    attachment_id: Any
    macro_id: Any
    macro_title: Any
    macro_deleted: Any
    current_followers: Any
    previous_followers: Any
    current_email_ccs: Any
    previous_email_ccs: Any
    score: Any
    assignee_id: Any
    agreement_id: Any
    action: Any
    message: Any
    direct_message: Any
    page: Any
    communication: Any
    ticket_via: Any
    data: Any
    graph_object_id: Any
    resource: Any
    success: Any
    value_reference: Any
    phone_number: Any
    recipient_id: Any
    source: Required[str]
    extra: dict[str, Any]


class TicketLink(TypedDict, total=False):
    """A link between two tickets. Made from the tickets and comments; never counted as found."""

    id: Required[str]
    type: Required[str]
    ticket_id: Required[int]
    linked_ticket_id: int | None
    linked_id: str | None
    evidence: str | None
    source: Required[str]
    extra: dict[str, Any]


class SideConversation(TypedDict, total=False):
    """A conversation beside a ticket."""

    id: Required[str]
    url: str | None
    ticket_id: int | None
    subject: str | None
    state: str | None
    participants: list[dict[str, Any]] | None
    preview_text: str | None
    external_ids: dict[str, Any] | None
    events: list[dict[str, Any]] | None
    created_at: str | None
    updated_at: str | None
    message_added_at: str | None
    state_updated_at: str | None
    placeholder: bool | None
    source: Required[str]
    extra: dict[str, Any]


class Chat(TypedDict, total=False):
    """A chat or an offline message of Zendesk Chat."""

    id: Required[str]
    type: str | None
    zendesk_ticket_id: int | None
    visitor: dict[str, Any] | None
    session: dict[str, Any] | None
    agent_ids: list[str] | None
    agent_names: list[str] | None
    department_id: int | None
    department_name: str | None
    timestamp: str | None
    end_timestamp: str | None
    duration: float | None
    missed: bool | None
    unread: bool | None
    rating: str | None
    comment: str | None
    message: str | None
    tags: list[str] | None
    webpath: list[dict[str, Any]] | None
    count: dict[str, Any] | None
    response_time: dict[str, Any] | None
    started_by: str | None
    triggered: bool | None
    triggered_response: bool | None
    history: list[dict[str, Any]] | None
    referrer_search_engine: str | None
    referrer_search_terms: str | None
    conversions: list[dict[str, Any]] | None
    engagements: list[dict[str, Any]] | None
    dropped: bool | None
    proactive: bool | None
    deleted: bool | None
    update_timestamp: str | None
    source: Required[str]
    extra: dict[str, Any]


class SuspendedTicket(TypedDict, total=False):
    """A mail Zendesk held back; it never became a ticket."""

    id: Required[int]
    url: str | None
    subject: str | None
    content: str | None
    cause: str | None
    cause_id: int | None
    author: dict[str, Any] | None
    recipient: str | None
    message_id: str | None
    ticket_id: int | None
    brand_id: int | None
    via: dict[str, Any] | None
    attachments: list[dict[str, Any]] | None
    error_messages: list[dict[str, Any]] | None
    created_at: str | None
    updated_at: str | None
    source: Required[str]
    extra: dict[str, Any]


class Article(TypedDict, total=False):
    """A Help Center article."""

    id: Required[int]
    url: str | None
    html_url: str | None
    author_id: int | None
    comments_disabled: bool | None
    draft: bool | None
    promoted: bool | None
    position: int | None
    vote_sum: int | None
    vote_count: int | None
    section_id: int | None
    created_at: str | None
    updated_at: str | None
    name: str | None
    title: str | None
    source_locale: str | None
    locale: str | None
    outdated: bool | None
    outdated_locales: list[str] | None
    edited_at: str | None
    user_segment_id: int | None
    user_segment_ids: list[int] | None
    permission_group_id: int | None
    content_tag_ids: list[str] | None
    label_names: list[str] | None
    body: str | None
    source: Required[str]
    extra: dict[str, Any]


class Configuration(TypedDict, total=False):
    """Whatever else the account holds, kept raw: macros, triggers, views, SLA policies."""

    id: Required[str]
    kind: Required[str]
    record: Required[dict[str, Any]]
    source: Required[str]
    extra: dict[str, Any]
