# METADATA
# title: SFS 2023:196, 9 § – Överenskommelser om samverkan
# description: |
#   Kommuner ska verka för att skriftliga överenskommelser om samverkan ingås med relevanta aktörer. En sådan överenskommelse ska innehålla åtminstone uppgifter om för vilka syften och inom vilka områden som samverkan ska ske.
# custom:
#   ref: 2023:196 9 §
#   statute: Lag (2023:196) om kommuners ansvar för brottsförebyggande arbete
#   in_force: "2023-07-01"
#   as_of: "2025-04-03"
#   doubts: []
package statutes.sfs_2023_196.section_9
