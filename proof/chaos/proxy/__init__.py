"""A proxy between two parts, whose links can be slowed down, cut, silenced and made to repeat themselves."""
