"""Figures about people for somebody who may not see the people: what is counted, which cells may be told, and how it is
kept that two answers, laid side by side, tell more than each alone.

After Hundepool et al., *Statistical Disclosure Control* (Wiley 2012); Chin and Özsoyoğlu, "Auditing and inference
control in statistical databases" (IEEE TSE 1982); Denning, Denning and Schwartz, "The tracker" (ACM TODS 1979).
"""
