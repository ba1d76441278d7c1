//! Lists of choices the program reasons about, by their stable ids.

use crate::choice;

choice! {
    /// 高 中 低.
    Level { High = "high", Medium = "medium", Low = "low" }
}

impl Level {
    /// 高 3, 中 2, 低 1.
    pub fn weight(self) -> u8 {
        match self {
            Level::High => 3,
            Level::Medium => 2,
            Level::Low => 1,
        }
    }
}

choice! {
    /// State of a task or an action.
    Status {
        NotStarted = "not-started",
        Doing = "doing",
        Done = "done",
        Late = "late",
        Cancelled = "cancelled",
    }
}

choice! {
    /// 风险等级.
    RiskLevel { Ordinary = "ordinary", Larger = "larger", Major = "major" }
}

choice! {
    /// 指标类型.
    GoalType { Result = "result", Process = "process" }
}

choice! {
    /// 目标类别 (D2).
    GoalClass { Business = "business", User = "user", Process = "process" }
}

choice! {
    /// 指标方向.
    Direction { Higher = "higher", Lower = "lower", Range = "range" }
}

choice! {
    /// 维度 of a result (D2).
    Dimension {
        Overall = "overall",
        Channel = "channel",
        Segment = "segment",
        Time = "time",
        Category = "category",
        Region = "region",
        Store = "store",
    }
}

choice! {
    /// 资源类型 of a budget line.
    Resource {
        People = "people",
        Material = "material",
        Promotion = "promotion",
        Subsidy = "subsidy",
        Commission = "commission",
        Other = "other",
    }
}

choice! {
    /// 科目 of costs and returns (D3, D4).
    CostItem {
        Revenue = "revenue",
        Goods = "goods",
        Ads = "ads",
        Materials = "materials",
        Subsidy = "subsidy",
        Commission = "commission",
        Tech = "tech",
        People = "people",
        Logistics = "logistics",
        Other = "other",
    }
}

choice! {
    /// ROI口径.
    RoiBasis { Revenue = "revenue", NetProfit = "net-profit", Financial = "financial" }
}

choice! {
    /// 总体结论 (D4).
    Verdict { Success = "success", Mostly = "mostly", Challenged = "challenged" }
}

choice! {
    /// 问题分类 (D0).
    ProblemClass {
        Strategy = "strategy",
        Execution = "execution",
        Resource = "resource",
        External = "external",
    }
}

choice! {
    /// 人 货 场 (D2).
    ProcessDimension { People = "people", Product = "product", Place = "place" }
}

choice! {
    /// 亮点 or 问题 (D2).
    ProcessKind { Highlight = "highlight", Problem = "problem" }
}

choice! {
    /// 类型 of a lesson (D2).
    LessonKind { Success = "success", Improve = "improve", Failure = "failure", Surprise = "surprise" }
}

choice! {
    /// 改进方向 (D3).
    ActionDirection { Strategy = "strategy", Process = "process", Risk = "risk" }
}

choice! {
    /// 结论 of an approval.
    Conclusion { Approved = "approved", Amended = "amended", Rejected = "rejected" }
}

choice! {
    /// 评价 of staffing (D3).
    StaffingVerdict { Surplus = "surplus", Right = "right", Short = "short" }
}

choice! {
    /// 保障模块.
    ServiceModule { Service = "service", Logistics = "logistics", Tech = "tech" }
}

choice! {
    /// Indicators of the sales comparison the program reasons about (the list is open).
    SalesItem {
        Days = "days",
        Sales = "sales",
        Orders = "orders",
        Buyers = "buyers",
        NewBuyers = "new-buyers",
        OldBuyers = "old-buyers",
        NewSales = "new-sales",
        OldSales = "old-sales",
        StoreVisits = "store-visits",
        Visitors = "visitors",
        Margin = "margin",
        Refunds = "refunds",
    }
}
