"""Addresses of the service desk."""

from typing import Final

from django.urls import path

from regulars.desks.service import (
    call_pages,
    case_pages,
    customer_pages,
    group_pages,
    order_pages,
    origin_pages,
    task_pages,
)

app_name = "service"
CUSTOMER: Final = "customers/<str:number>/"
urlpatterns: Final = [
    path("customers/", customer_pages.customers, name="customers"),
    path(CUSTOMER, customer_pages.customer, name="customer"),
    path(f"{CUSTOMER}earlier/", customer_pages.earlier, name="earlier"),
    path(f"{CUSTOMER}orders/<str:key>/", customer_pages.order, name="order"),
    path(f"{CUSTOMER}open/", customer_pages.open_contact_point, name="open_contact"),
    path(f"{CUSTOMER}here/", customer_pages.she_is_here, name="here"),
    path(f"{CUSTOMER}case/", customer_pages.name_the_case, name="case"),
    path(f"{CUSTOMER}choices/", customer_pages.choices, name="choices"),
    path(f"{CUSTOMER}sources/", origin_pages.origins, name="origins"),
    path(f"{CUSTOMER}link/", customer_pages.portal_link, name="portal_link"),
    path(f"{CUSTOMER}notes/new/", case_pages.new_note, name="new_note"),
    path(f"{CUSTOMER}tasks/new/", case_pages.new_task, name="new_task"),
    path(f"{CUSTOMER}complaints/new/", case_pages.new_complaint, name="new_complaint"),
    path(f"{CUSTOMER}complaints/<int:complaint_id>/", case_pages.complaint, name="complaint"),
    path(f"{CUSTOMER}groups/", group_pages.customer_groups, name="customer_groups"),
    path(f"{CUSTOMER}groups/<str:ref>/left/", group_pages.left, name="group_left"),
    path("groups/", group_pages.groups, name="groups"),
    path("groups/<str:ref>/", group_pages.group, name="group"),
    path("groups/<str:ref>/join/", group_pages.join, name="group_join"),
    path("groups/<str:ref>/place/", group_pages.place, name="group_place"),
    path(f"{CUSTOMER}preferences/", case_pages.preferences, name="preferences"),
    path(f"{CUSTOMER}panel/", customer_pages.panel, name="panel"),
    path("calls/ringing/", call_pages.ringing, name="ringing"),
    path("calls/<int:call_id>/", call_pages.call, name="call"),
    path("calls/<int:call_id>/away/", call_pages.away, name="call_away"),
    path("complaints/", case_pages.complaints, name="complaints"),
    path("desk/", order_pages.orders, name="orders"),
    path("desk/new/", order_pages.new_order, name="new_order"),
    path("desk/<uuid:key>/", order_pages.order_desk, name="order_desk"),
    path("desk/<uuid:key>/leave/", order_pages.leave_order, name="leave_order"),
    path("desk/orders/<str:ref>/handed-over/", order_pages.handed_over, name="handed_over"),
    path("tasks/", task_pages.tasks, name="tasks"),
    path("tasks/<int:task_id>/take/", task_pages.take, name="take_task"),
    path("tasks/<int:task_id>/hand/", task_pages.hand, name="hand_task"),
    path("tasks/<int:task_id>/close/", task_pages.close, name="close_task"),
]
