"""Mutants of one module of a service, made by cosmic-ray: which of them do its tests not notice?"""
