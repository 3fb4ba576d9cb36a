"""Addresses of the service desk."""

from typing import Final

from django.urls import path

from regulars.desks.service import case_pages, customer_pages, task_pages

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
    path(f"{CUSTOMER}link/", customer_pages.portal_link, name="portal_link"),
    path(f"{CUSTOMER}notes/new/", case_pages.new_note, name="new_note"),
    path(f"{CUSTOMER}tasks/new/", case_pages.new_task, name="new_task"),
    path(f"{CUSTOMER}complaints/new/", case_pages.new_complaint, name="new_complaint"),
    path(f"{CUSTOMER}complaints/<int:complaint_id>/", case_pages.complaint, name="complaint"),
    path("complaints/", case_pages.complaints, name="complaints"),
    path("tasks/", task_pages.tasks, name="tasks"),
    path("tasks/<int:task_id>/take/", task_pages.take, name="take_task"),
    path("tasks/<int:task_id>/hand/", task_pages.hand, name="hand_task"),
    path("tasks/<int:task_id>/close/", task_pages.close, name="close_task"),
]
