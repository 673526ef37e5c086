"""Fit the capability scale: two-parameter logistic items by maximum a posteriori, then the prior from size and date.

y = c + (1 - c) logistic(a (C - D)) + e, with C ~ N(0, 1.5^2), D ~ N(0, 1.5^2), log a ~ N(0, 0.5^2) and e ~ N(0, sigma^2) by
item, sigma re-estimated in three rounds and shrunk to 6 points. A Base and its post-trained sibling are taken to differ by
N(0, 0.2^2): nothing else connects the items of a Base with the others, so this sets what capability means for a Base.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import minimize

from scoring.candidates import Floats
from scoring.capability_scale import Item, Prior, Scale, years_since_2025
from tools.capability_table import Table

CAPABILITY_SD, DIFFICULTY_SD, SLOPE_SD = 1.5, 1.5, 0.5
SIBLING_SD = 0.2
SIGMA, SIGMA_RESULTS = 0.06, 5.0
"""The item noise that few results are shrunk to, and with how many results' weight."""
ROUNDS = 3
DIGITS = 4
VERSION, FITTED = "2026.11", "2026-11-24"
DOMAIN_SPREAD, DOMAIN_RESULTS = 0.15, 1
UNREPORTED, ENOUGH_REPORTED = 0.12, 10
BASKET = ("mmlu_pro.tuned", "gpqa_diamond.tuned", "livecodebench.direct", "math_500.direct", "ifeval.tuned", "c_eval.tuned.zh")


@dataclass
class Fit:
    """The state of a fit on a table."""

    table: Table
    reporter_noise: dict[str, float] = field(default_factory=dict)
    """Factor on the noise by reporter, for trying; 1 for all."""
    capability: Floats = field(init=False)
    difficulty: Floats = field(init=False)
    slope: Floats = field(init=False)
    sigma: Floats = field(init=False)
    covariance: Floats = field(init=False)
    """Laplace: of capabilities, difficulties and log slopes, in this order."""

    def __post_init__(self) -> None:
        """Prepare the arrays of the table and start at the prior."""
        table = self.table
        self.rows, self.items = len(table.rows), len(table.items)
        self.scores, self.weights, self.chance = table.scores, table.weights, table.chance[table.item]
        self.noise = np.array([self.reporter_noise.get(result.reported_by, 1.0) for result in table.results])
        pairs = np.array(table.siblings(), dtype=np.int64).reshape(-1, 2)
        self.base, self.tuned = pairs[:, 0], pairs[:, 1]
        self._set(np.zeros(self.rows + 2 * self.items))
        self.sigma = np.full(self.items, SIGMA)

    def run(self) -> "Fit":
        """Return the fit at its maximum."""
        for _ in range(ROUNDS):
            start = np.concatenate([self.capability, self.difficulty, np.log(self.slope)])
            found = minimize(self.objective, start, jac=True, method="L-BFGS-B", options={"maxiter": 5000, "maxfun": 10000, "ftol": 1e-12})
            self._set(found.x)
            self.covariance, used = self._laplace()
            self.sigma = self._noise(used)
        return self

    def objective(self, point: Floats) -> tuple[float, Floats]:
        """Return the negative log posterior and its gradient."""
        capability, difficulty, log_slope = self._split(point)
        row, item = self.table.row, self.table.item
        slope, sigma = np.exp(log_slope)[item], self.sigma[item] * self.noise
        distance = slope * (capability[row] - difficulty[item])
        right = 1 / (1 + np.exp(-distance))
        missed = (self.scores - self.chance - (1 - self.chance) * right) / sigma
        apart = (capability[self.base] - capability[self.tuned]) / SIBLING_SD
        priors = (capability / CAPABILITY_SD, difficulty / DIFFICULTY_SD, log_slope / SLOPE_SD)
        value = 0.5 * (float(self.weights @ missed**2) + float(apart @ apart) + sum(float(prior @ prior) for prior in priors))
        push = -self.weights * missed / sigma * (1 - self.chance) * right * (1 - right)
        by_row = np.bincount(row, push * slope, self.rows) + priors[0] / CAPABILITY_SD
        np.add.at(by_row, self.base, apart / SIBLING_SD)
        np.add.at(by_row, self.tuned, -apart / SIBLING_SD)
        by_item = -np.bincount(item, push * slope, self.items) + priors[1] / DIFFICULTY_SD
        by_slope = np.bincount(item, push * distance, self.items) + priors[2] / SLOPE_SD
        return value, np.concatenate([by_row, by_item, by_slope])

    def _laplace(self) -> tuple[Floats, float]:
        """Return the covariance at the maximum (Gauss-Newton) and the effective number of parameters."""
        row, item = self.table.row, self.table.item
        slope, sigma = self.slope[item], self.sigma[item] * self.noise
        distance = slope * (self.capability[row] - self.difficulty[item])
        right = 1 / (1 + np.exp(-distance))
        steep = np.sqrt(self.weights) / sigma * (1 - self.chance) * right * (1 - right)
        jacobian = np.zeros((len(self.scores), self.rows + 2 * self.items))
        at = np.arange(len(self.scores))
        jacobian[at, row] = steep * slope
        jacobian[at, self.rows + item] = -steep * slope
        jacobian[at, self.rows + self.items + item] = steep * distance
        data = jacobian.T @ jacobian
        precision = data + np.diag(np.repeat([CAPABILITY_SD**-2, DIFFICULTY_SD**-2, SLOPE_SD**-2], [self.rows, self.items, self.items]))
        for one, other in ((self.base, self.tuned), (self.tuned, self.base)):
            np.add.at(precision, (one, one), SIBLING_SD**-2)
            np.add.at(precision, (one, other), -(SIBLING_SD**-2))
        covariance: Floats = np.linalg.inv(precision).astype(np.float64)
        return covariance, float(np.einsum("ij,ji->", covariance, data))

    def _noise(self, used: float) -> Floats:
        """Return the noise of each item, with what the parameters have explained away given back."""
        item = self.table.item
        expected = self.chance + (1 - self.chance) / (
            1 + np.exp(-self.slope[item] * (self.capability[self.table.row] - self.difficulty[item]))
        )
        squares = np.bincount(item, self.weights * ((self.scores - expected) / self.noise) ** 2, self.items)
        results = np.bincount(item, self.weights, self.items)
        given_back = self.weights.sum() / (self.weights.sum() - used)
        sigma: Floats = np.sqrt((given_back * squares + SIGMA_RESULTS * SIGMA**2) / (results + SIGMA_RESULTS))
        return sigma

    def _split(self, point: Floats) -> tuple[Floats, Floats, Floats]:
        return point[: self.rows], point[self.rows : self.rows + self.items], point[self.rows + self.items :]

    def _set(self, point: Floats) -> None:
        self.capability, self.difficulty, log_slope = self._split(point)
        self.slope = np.exp(log_slope)


def scale_of(fit: Fit, *, widening: float = 1.0, basket: tuple[str, ...] = BASKET) -> Scale:
    """Return a fit as the scale that places checkpoints, its numbers rounded as the file keeps them."""
    table = fit.table
    items = {
        name: Item(
            a=round(float(fit.slope[index]), DIGITS),
            D=round(float(fit.difficulty[index]), DIGITS),
            sigma=round(float(fit.sigma[index]), DIGITS),
            c=float(table.chance[index]),
            results=int((table.item == index).sum()),
            models=len(set(table.row[table.item == index].tolist())),
        )
        for index, name in enumerate(table.items)
    }
    return Scale(
        scale=VERSION,
        fitted=FITTED,
        data=table.digest(),
        rows=len(table.results),
        models=len(table.rows),
        prior=prior_of(fit),
        widening=round(widening, 2),
        domain_spread=DOMAIN_SPREAD,
        domain_results=DOMAIN_RESULTS,
        unreported=UNREPORTED,
        enough_reported=ENOUGH_REPORTED,
        basket={name: 1.0 for name in basket if name in items},
        items=items,
    )


def features(fit: Fit) -> Floats:
    """Return intercept, log10 of billions of parameters, years since 2025 and thinking of the rows; NaN where unknown."""
    rows = fit.table.rows
    size = np.log10(np.array([row.parameters for row in rows]) / 1e9)
    years = years_since_2025(np.array([row.days for row in rows]))
    thinking = np.array([row.mode_class == "thinking" for row in rows], dtype=np.float64)
    return np.stack([np.ones(len(rows)), size, years, thinking], axis=1)


def prior_of(fit: Fit) -> Prior:
    """Return the regression of capability on size, date and thinking (least squares), with its leave-one-out scatter."""
    x = features(fit)
    whole = np.isfinite(x).all(axis=1)
    x, y = x[whole], fit.capability[whole]
    inverse = np.linalg.inv(x.T @ x)
    slopes = inverse @ x.T @ y
    leverage = np.einsum("ij,jk,ik->i", x, inverse, x)
    left_out = (y - x @ slopes) / (1 - leverage)
    numbers = [*slopes, np.sqrt(np.mean(left_out**2)), x[:, 1].mean(), x[:, 1].std(), x[:, 2].mean(), x[:, 2].std(), y.max()]
    return Prior(**dict(zip(Prior.model_fields, (round(float(number), DIGITS) for number in numbers), strict=True)))
