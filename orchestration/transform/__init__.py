"""Raw tables -> staging, intermediate, marts, by dbt."""
